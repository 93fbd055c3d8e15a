import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run, temporaryHome } from './cli.ts';
import { loginScript, saveLogin, token } from './samples.ts';
import { type ScriptedApi, startScriptedApi } from './scripted-api.ts';

let api: ScriptedApi;
let home: string;
let remove: () => void;
beforeEach(async () => {
  api = await startScriptedApi();
  ({ home, remove } = temporaryHome());
});
afterEach(async () => {
  remove();
  await api.stop();
});

const env = () => ({ DAYPASS_API: api.url, DAYPASS_HOME: join(home, 'state') });
const file = () => join(home, 'state', 'login.json');

const answering = (...errors: string[]): void => {
  api.script = loginScript(...errors);
};

it('whoami says who, and until when', async () => {
  answering();
  saveLogin(join(home, 'state'), api.url);
  const { code, stdout } = await run(['whoami', '--json'], { env: { DAYPASS_HOME: join(home, 'state') } });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, data: { person: { id: 'alice' }, api: api.url } });
  expect(api.received.at(-1)?.headers.authorization).toBe(`Bearer ${token}`);
});

it('a token is sent to the address that gave it and to no other, and never where a redirect leads', async () => {
  saveLogin(join(home, 'state'), api.url);
  const other = await startScriptedApi();
  const elsewhere = await run(['whoami', '--api', other.url], { env: env() });
  expect(elsewhere.code).toBe(6);
  expect(elsewhere.stderr).toContain('You are not logged in at');
  api.script = { 'GET /v1/whoami': { status: 307, headers: { location: `${other.url}/v1/whoami` } } };
  expect((await run(['whoami'], { env: env() })).code).toBe(7);
  expect(other.received).toEqual([]);
  await other.stop();
});

it('a login that has ended is 6 and says to log in again', async () => {
  saveLogin(join(home, 'state'), api.url);
  const error = {
    code: 'unknown-person',
    message: 'You are not logged in, or your login has ended.',
    next: 'Run `daypass login`.',
  };
  api.script = { 'GET /v1/whoami': { status: 401, body: { error } } };
  const { code, stdout } = await run(['whoami', '--json'], { env: env() });
  expect(code).toBe(6);
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    error: { code: 'unknown-person', message: error.message, hint: error.next },
  });
});

it('logout revokes the token there and forgets it here', async () => {
  saveLogin(join(home, 'state'), api.url);
  api.script = { 'POST /v1/device/revoke': { body: {} } };
  expect((await run(['logout'], { env: env() })).code).toBe(0);
  expect(api.received[0]).toMatchObject({ path: '/v1/device/revoke', body: { token } });
  expect(readFileSync(file(), 'utf8')).not.toContain(token);
  expect(await run(['logout'], { env: env() })).toMatchObject({
    code: 0,
    stdout: `You were not logged in at ${api.url}.\n`,
  });
});

it('logout without the API forgets the token all the same, and says when it ends by itself', async () => {
  const { url } = api;
  saveLogin(join(home, 'state'), url);
  await api.stop();
  const { code, stderr } = await run(['logout'], { env: { DAYPASS_HOME: join(home, 'state') } });
  api = await startScriptedApi();
  expect(code).toBe(7);
  expect(stderr).toContain('2099-01-01T00:00:00.000Z');
  expect(stderr).not.toContain(token);
  expect(readFileSync(file(), 'utf8')).not.toContain(token);
});

it('a file that daypass did not write is told of, not printed; login replaces it', async () => {
  mkdirSync(join(home, 'state'));
  writeFileSync(file(), `{"token": "${token}"`);
  const { code, stderr } = await run(['whoami'], { env: env() });
  expect(code).toBe(6);
  expect(stderr).toContain(file());
  expect(stderr).not.toContain(token);
  answering();
  expect((await run(['login'], { env: env() })).code).toBe(0);
});

it('a folder that cannot be made is 1, with what to do', async () => {
  answering();
  writeFileSync(join(home, 'in-the-way'), '');
  chmodSync(join(home, 'in-the-way'), 0o600);
  const { code, stderr } = await run(['login'], { env: { ...env(), DAYPASS_HOME: join(home, 'in-the-way', 'state') } });
  expect(code).toBe(1);
  expect(stderr).toContain('DAYPASS_HOME');
  expect(stderr).not.toContain(token);
});

it('who sits behind a proxy that was not asked is told how to have it asked', async () => {
  const unreachable = (more: Record<string, string>) =>
    run(['login', '--api', 'https://127.0.0.1:9'], { env: { DAYPASS_HOME: join(home, 'state'), ...more } });
  const proxy = { HTTPS_PROXY: 'http://127.0.0.1:9' };
  expect(await unreachable(proxy)).toMatchObject({ code: 7, stderr: expect.stringContaining('NODE_USE_ENV_PROXY=1') });
  for (const other of [{}, { HTTP_PROXY: 'http://127.0.0.1:9' }, { ...proxy, NODE_USE_ENV_PROXY: '1' }])
    expect((await unreachable(other)).stderr).not.toContain('Your proxy was not asked');
});
