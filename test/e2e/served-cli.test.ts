import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grant } from './people.ts';
import { clickBody } from './slack-person.ts';
import type { Block } from './slack-stand-in.ts';
import { openWorld, type World } from './world.ts';

/** The Node that somebody may have: the oldest of this machine that will do, else the one that runs this. */
const olderNode = (): string => {
  const installed = ['/usr/bin/node', '/usr/local/bin/node', '/opt/homebrew/bin/node'].filter((path) =>
    existsSync(path),
  );
  const major = (path: string): number => Number(execFileSync(path, ['-p', 'process.versions.node.split(".")[0]']));
  return installed.find((path) => major(path) >= 20) ?? process.execPath;
};
const node = olderNode();

let world: World;
/** With nothing in it but what was downloaded. */
let folder: string;
let home: string;
let file: string;
beforeAll(async () => {
  // A program of its own goes by the machine's clock.
  world = await openWorld({ startMs: Date.now() });
  folder = mkdtempSync(join(tmpdir(), 'served daypass-'));
  home = join(folder, 'home');
  mkdirSync(home);
  file = join(folder, 'daypass.mjs');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.close();
  expect(world.faults).toEqual([]);
});

const start = (...args: string[]) => {
  const child = spawn(node, [file, ...args], {
    cwd: home,
    env: { PATH: '/usr/bin:/bin', HOME: home, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => stdout.includes('\n') && resolve(stdout.split('\n')[0] ?? ''));
    void ended.then((ran) => reject(new Error(JSON.stringify(ran))));
  });
  firstLine.catch(() => undefined);
  return { ended, firstLine };
};
const daypass = (...args: string[]) => start(...args).ended;

describe('the command line that the hub serves', () => {
  it('has the size and the digest that the page of its installation says', async () => {
    const page = await (await fetch(`${world.appUrl}/cli`)).text();
    const response = await fetch(/file {5}(\S+)/.exec(page)?.[1] ?? '');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(page).toContain(`bytes    ${bytes.length}\n`);
    expect(page).toContain(`sha256   ${createHash('sha256').update(bytes).digest('hex')}\n`);
    const again = await fetch(response.url, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    writeFileSync(file, bytes);
  });

  it('logs in, asks, hands credentials out and runs a command with them, alone and under an older Node', async () => {
    const login = start('login', '--json', '--api', world.appUrl);
    const { user_code } = JSON.parse(await login.firstLine) as { user_code: string };
    const { body } = await world.command('U0ALICE', `login ${user_code}`);
    const prompt = { channel: 'C0ACCESS', ts: '1.1', text: '', blocks: body.blocks as Block[] };
    await world.post(clickBody('U0ALICE', prompt, 'Confirm'));
    expect(await login.ended).toMatchObject({ code: 0, stderr: '' });

    const asked = await daypass('request', 'orders-admin', '--for', '30m', '--reason', 'fixing INC-42', '--json');
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(asked.stdout)).toMatchObject({ ok: true, data: { status: 'pending' } });
    await daypass('cancel');
    await grant(world, 'U0ALICE', 'orders-admin 30m fixing INC-42', 'U0BOB');

    const printed = await daypass('credential-process', '--entitlement', 'orders-admin');
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    const { Version, AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(printed.stdout) as Record<
      string,
      string
    >;
    expect(Version).toBe(1);
    const credentials = {
      accessKeyId: AccessKeyId ?? '',
      secretAccessKey: SecretAccessKey ?? '',
      sessionToken: SessionToken ?? '',
    };
    expect(await world.readOrder(credentials)).toBe('12345');

    const show = 'process.stdout.write(process.env.AWS_ACCESS_KEY_ID + " " + process.env.AWS_ENDPOINT_URL)';
    const ran = await daypass('exec', '--entitlement', 'orders-admin', '--', node, '-e', show);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    // One session for both commands.
    expect(ran.stdout).toBe(`${AccessKeyId} ${world.awsUrl}`);

    expect((await daypass('done')).code).toBe(0);
    expect((await daypass('exec', '--entitlement', 'orders-admin', '--', node, '-e', show)).code).toBe(5);
    expect(readdirSync(folder).sort()).toEqual(['daypass.mjs', 'home']);
  });

  it('says of what only a clone has where to run it', async () => {
    for (const command of [['doctor', '--local'], ['onboard', 'production'], ['policy', 'validate'], ['runbook']]) {
      expect(await daypass(...command)).toEqual({
        code: 2,
        stdout: '',
        stderr: `daypass: \`daypass ${command[0]}\` is for those who run Daypass, and not a part of this file.\nRun it in the clone of Daypass that the hub was deployed from. \`daypass --help\` lists what is here.\n`,
      });
    }
  });
});
