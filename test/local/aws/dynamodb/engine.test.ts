import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { createDynamoClient } from '#local/aws/dynamodb/client.ts';
import { type Engine, engineBinary, startEngine } from '#local/aws/dynamodb/engine.ts';

const binary = engineBinary() ?? '';
const engines: Engine[] = [];
const start = async (dbPath?: string): Promise<Engine> => {
  const engine = await startEngine(binary, dbPath);
  engines.push(engine);
  return engine;
};

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('ends with a parent that was killed, and the same file starts again with what was acknowledged', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'daypass-engine-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const dbPath = join(dataDir, 'killed.db');
  const parent = spawn(process.execPath, [fileURLToPath(new URL('./orphan.ts', import.meta.url)), dbPath], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await expect.poll(() => isAlive(pid), { timeout: 5_000, interval: 10 }).toBe(false);

  const client = createDynamoClient((await start(dbPath)).url, '222222222222');
  const key = { OrderId: { S: '12345' } };
  expect(await client.call('GetItem', { TableName: 'OrdersTable', Key: key })).toMatchObject({ Item: key });
  client.close();
});

it('leaves no process behind when it is stopped', async () => {
  const engine = await start();
  expect(isAlive(engine.pid)).toBe(true);
  await engine.stop();
  expect(isAlive(engine.pid)).toBe(false);
});

it('says what went wrong when it cannot start', async () => {
  const failure = startEngine(binary, '/nonexistent/folder/x.db');
  await expect(failure).rejects.toThrow('The embedded DynamoDB could not be started on /nonexistent/folder/x.db.');
  await expect(failure).rejects.toMatchObject({ cause: { message: expect.stringMatching(/^dynoxide ended instead/) } });
});

it('listens where nobody was told: on a port, and on Linux on an address of this machine, that are drawn at every start', async () => {
  const [one, other] = [new URL((await start()).url), new URL((await start()).url)];
  expect(one.port).not.toBe(other.port);
  for (const { hostname } of [one, other]) expect(hostname).toMatch(/^127\.\d+\.\d+\.\d+$/);
  expect(new Set([one.hostname, other.hostname]).size).toBe(process.platform === 'linux' ? 2 : 1);
});
