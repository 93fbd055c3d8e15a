import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { within } from './wait.ts';

export const repository = join(import.meta.dirname, '..');

/** Where `record-calls.ts` writes, if it was loaded into the stack with this data folder. */
export const callsFileIn = (dataFolder: string): string => join(dataFolder, 'calls.ndjson');

type Ready = { event: 'ready'; app: string; aws: string; data: string };
export type StackEvent = { event: string; requestId?: string };

export type StackProcess = {
  /** The process that was started: the stack itself, or the npm that started it. */
  pid: number;
  appUrl: string;
  awsUrl: string;
  dataFolder: string;
  /** From the spawn to the ready line. */
  readyAfterMs: number;
  /**
   * The time of this program's monotonic clock at which the event of this request is known; at once if it was before.
   */
  heard(event: string, requestId: string): Promise<number>;
  /** What it wrote on stderr, to explain a failure. */
  chatter(): string;
  stop(): Promise<void>;
};

export type Command = readonly [program: string, ...args: string[]];

/** The stack, run directly by this program's Node. */
export const direct: Command = [process.execPath, join(repository, 'local', 'main.ts')];

const running = new Map<ChildProcess, { folder: string }>();

/** Each command leads a process group of its own, so its id reaches what npm puts between us and the stack. */
const signal = (child: ChildProcess, name: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group is gone already.
  }
};

process.once('exit', () => {
  for (const [child, { folder }] of running) {
    signal(child, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));

const stopWithinMs = 15_000;

/**
 * Starts the whole stack on free ports and a new data folder, in the repository or another `folder` with its code.
 * Rejects with its stderr when it ends instead.
 */
export const startStackProcess = async (
  command: Command,
  options: { slack?: { url: string; signingSecret: string }; policyPath?: string; folder?: string } = {},
): Promise<StackProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-bench-'));
  const [program, ...before] = command;
  const args = ['--json', '--port', '0', '--aws-port', '0', '--data', folder];
  if (options.policyPath !== undefined) args.push('--policy', options.policyPath);
  const { slack } = options;
  const spawnedAt = performance.now();
  const child = spawn(program, [...before, ...args], {
    cwd: options.folder ?? repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DAYPASS_BENCH_CALLS: callsFileIn(folder),
      ...(slack && {
        SLACK_API_URL: slack.url,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        SLACK_BOT_TOKEN: 'xoxb-bench',
      }),
    },
  });
  running.set(child, { folder });
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  let chatter = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    chatter = `${chatter}${text}`.slice(-20_000);
  });

  const known = new Map<string, number>();
  const waiting = new Map<string, ((atMs: number) => void)[]>();
  let ready: (line: Ready) => void = () => undefined;
  const isReady = new Promise<Ready>((resolve) => {
    ready = resolve;
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as StackEvent | Ready;
    if (line.event === 'ready') return ready(line as Ready);
    if (!('requestId' in line)) return;
    const key = `${line.event} ${line.requestId}`;
    const atMs = performance.now();
    if (!known.has(key)) known.set(key, atMs);
    for (const tell of waiting.get(key) ?? []) tell(atMs);
    waiting.delete(key);
  });

  const stop = async (): Promise<void> => {
    signal(child, 'SIGTERM');
    await within('the stack to stop', ended, stopWithinMs).catch(() => signal(child, 'SIGKILL'));
    await ended;
    running.delete(child);
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const early = ended.then((): never => {
      throw new Error('it ended instead');
    });
    const { app, aws, data } = await within('the stack to be ready', Promise.race([isReady, early]));
    const readyAfterMs = performance.now() - spawnedAt;
    return {
      pid: child.pid ?? 0,
      appUrl: app,
      awsUrl: aws,
      dataFolder: data,
      readyAfterMs,
      heard: (event, requestId) => {
        const key = `${event} ${requestId}`;
        const before = known.get(key);
        if (before !== undefined) return Promise.resolve(before);
        const later = new Promise<number>((tell) => waiting.set(key, [...(waiting.get(key) ?? []), tell]));
        return within(`${event} of ${requestId}`, later);
      },
      chatter: () => chatter,
      stop,
    };
  } catch (error) {
    await stop();
    throw new Error(`The stack did not start: ${error instanceof Error ? error.message : String(error)}\n${chatter}`);
  }
};
