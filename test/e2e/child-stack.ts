import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { compileCache } from '#test/kit/compile-cache.ts';
import { signingSecret } from './slack-person.ts';

export const botToken = 'xoxb-e2e-bot-token';

export type Ready = { event: 'ready'; app: string; aws: string; workspace?: string; data: string };

/** `npm start -- --json` without npm: the stack as another program sees it, a process with two pipes. */
export const startChild = async (options: {
  dataFolder: string;
  slackApiUrl?: string;
  /** What is run in place of `local/main.ts`. */
  main?: string;
  /** A module that is loaded first, to make the process fail at a chosen place. */
  preload?: string;
  /** Further options of the command, and what it finds in its environment. */
  options?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}) => {
  const { SLACK_API_URL: _, ...environment } = process.env;
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    [
      ...['--import', './test/permissions/record-child.ts'],
      ...(options.preload === undefined ? [] : ['--import', options.preload]),
      options.main ?? 'local/main.ts',
      ...['--json', '--port', '0', '--aws-port', '0', '--data', options.dataFolder, ...(options.options ?? [])],
    ],
    {
      env: {
        ...environment,
        ...compileCache,
        ...(options.slackApiUrl !== undefined && {
          SLACK_API_URL: options.slackApiUrl,
          SLACK_SIGNING_SECRET: signingSecret,
          SLACK_BOT_TOKEN: botToken,
        }),
        ...options.environment,
      },
    },
  );
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  const events: Record<string, unknown>[] = [];
  const ready = new Promise<Ready>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The stack ended with ${code} before it was ready: ${output}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      const event = JSON.parse(line) as Record<string, unknown>;
      events.push(event);
      if (event.event === 'ready') resolve(event as Ready);
    });
  });
  const gone = once(child, 'exit');
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  return {
    ...(await ready),
    events,
    /** Everything it wrote, to either pipe. */
    output: () => output,
    gone,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
};

export type ChildStack = Awaited<ReturnType<typeof startChild>>;
