import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDynamoClient } from '#local/aws/dynamodb/client.ts';
import { startClosedEngine, whyNotClosed } from '#local/aws/dynamodb/closed-engine.ts';
import { type Engine, engineBinary } from '#local/aws/dynamodb/engine.ts';

/** Asked in another way than the code does: a fault in it must not silence its tests. */
const allowed =
  spawnSync('unshare', ['--user', '--map-root-user', '--net', '--mount', 'true']).status === 0 &&
  engineBinary() !== undefined;
let folder: string;
let engine: Engine | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-closed-'));
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  rmSync(folder, { recursive: true });
});

const start = async (): Promise<Engine> => {
  engine = await startClosedEngine(engineBinary() ?? '', join(folder, 'x.db'), join(folder, 'x.sock'));
  return engine;
};

/** The engine among the children of the door, with the address that it was told to listen on. */
const listensOn = (door: number): string => {
  const children = execFileSync('ps', ['-o', 'args=', '--ppid', String(door)], { encoding: 'utf8' });
  return /serve --host (\S+) --port (\d+)/.exec(children)?.slice(1).join(':') ?? '';
};

it(`knows whether this machine allows it, and says why not (here it ${allowed ? 'does' : 'does not: the other tests do not run'})`, () => {
  const reason = whyNotClosed();
  expect(reason === undefined).toBe(allowed);
  if (!allowed) expect(reason).toMatch(/\w{3}/);
});

it.runIf(allowed)('serves whoever may open the socket, and nobody on the network', async () => {
  const { url, pid } = await start();
  const client = createDynamoClient(url, '111111111111');
  expect(await client.call('ListTables', {})).toEqual({ TableNames: [] });
  client.close();
  expect(statSync(join(folder, 'x.sock')).mode & 0o077).toBe(0);
  const address = listensOn(pid);
  expect(address).toMatch(/^127\.[\d.]+:\d+$/);
  await expect(fetch(`http://${address}/`)).rejects.toThrow('fetch failed');
  const [host = '', port = ''] = address.split(':');
  const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
  expect(readFileSync('/proc/net/tcp', 'utf8')).not.toContain(`:${hex} 00000000:0000 0A`);
  expect(host).not.toBe('127.0.0.1');
});

it.runIf(allowed)('keeps what was written when it is stopped and started again', async () => {
  const first = createDynamoClient((await start()).url, '111111111111');
  await first.call('CreateTable', {
    TableName: 'daypass',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  first.close();
  await engine?.stop();
  const second = createDynamoClient((await start()).url, '111111111111');
  expect(await second.call('ListTables', {})).toEqual({ TableNames: ['daypass'] });
  second.close();
});

it.runIf(allowed)('has nothing of this process’s environment', async () => {
  process.env.DAYPASS_TEST_SECRET = 'a-secret-of-the-environment';
  const { pid } = await start();
  delete process.env.DAYPASS_TEST_SECRET;
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('a-secret-of-the-environment');
});

it.runIf(allowed)('refuses a path that no socket can have', async () => {
  const long = join(folder, 'x'.repeat(120), 'x.sock');
  await expect(startClosedEngine(engineBinary() ?? '', join(folder, 'x.db'), long)).rejects.toThrow('too long');
});
