import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run, start, temporaryHome } from './cli.ts';
import { loginScript, oauthError, token } from './samples.ts';
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

it('--json prints the code at once, then the outcome, one object a line', async () => {
  let confirm: () => void = () => undefined;
  const confirmed = new Promise<void>((resolve) => {
    confirm = resolve;
  });
  answering();
  api.script['POST /v1/device/token'] = async () => {
    await confirmed;
    return { body: { access_token: token, token_type: 'Bearer', expires_in: 28_800 } };
  };
  const login = start(['login', '--json'], { env: env() });
  const first = await login.said('\n');
  expect(JSON.parse(first)).toEqual({
    event: 'code',
    user_code: 'BCDF-GHJK',
    verification_uri: 'https://daypass.example.com/device',
    command: '/access login BCDF-GHJK',
    expires_in: 600,
    interval: 0.01,
  });
  confirm();
  const { code, stdout, stderr } = await login.ended;
  expect(code).toBe(0);
  const [, second, rest] = stdout.split('\n');
  expect(JSON.parse(second ?? '')).toEqual({
    event: 'login',
    ok: true,
    data: { person: { id: 'alice', name: 'Alice' }, api: api.url, expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) },
  });
  expect(rest).toBe('');
  expect(stderr).toBe('');
});

it('says in words what to type, waits, and keeps every secret to itself', async () => {
  answering('authorization_pending', 'authorization_pending');
  const { code, stdout, stderr } = await run(['login'], { env: env() });
  expect(code).toBe(0);
  expect(stderr).toContain('    /access login BCDF-GHJK\n');
  expect(stdout).toBe('You are logged in as Alice, for 8 hours.\n');
  expect(stdout + stderr).not.toContain(token);
  expect(stdout + stderr).not.toContain('device-code-secret');
});

it('says who it is to the API, so that the person can judge by it', async () => {
  answering();
  await run(['login'], { env: env() });
  expect(api.received[0]).toMatchObject({ body: { client_id: 'daypass CLI', host: expect.any(String) } });
  expect(api.received[1]?.body).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: 'device-code-secret',
  });
});

it('keeps the token for its owner alone: folder 0700, file 0600, no draft left behind', async () => {
  answering();
  await run(['login'], { env: env() });
  expect(statSync(join(home, 'state')).mode & 0o777).toBe(0o700);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(home, 'state'))).toEqual(['login.json']);
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({
    current: api.url,
    logins: { [api.url]: { token } },
  });
});

it('keeps the token for its owner alone in a folder that was there, and leaves that as it was', async () => {
  answering();
  mkdirSync(join(home, 'state'), { mode: 0o755 });
  await run(['login'], { env: env() });
  expect(statSync(join(home, 'state')).mode & 0o777).toBe(0o755);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

it('by default its files are in the configuration folder', async () => {
  answering();
  await run(['login'], { env: { DAYPASS_API: api.url, XDG_CONFIG_HOME: home } });
  await run(['login'], { env: { DAYPASS_API: api.url, HOME: home } });
  expect(readFileSync(join(home, 'daypass', 'login.json'), 'utf8')).toContain(token);
  expect(readFileSync(join(home, '.config', 'daypass', 'login.json'), 'utf8')).toContain(token);
});

it('a denied login is 6, a code that nobody confirmed in time is 4, a code that somebody else used is 6', async () => {
  for (const [error, exit] of [
    ['access_denied', 6],
    ['expired_token', 4],
    ['invalid_grant', 6],
  ] as const) {
    answering('authorization_pending', error);
    const { code, stdout } = await run(['login', '--json'], { env: env() });
    expect(code).toBe(exit);
    expect(JSON.parse(stdout.split('\n')[1] ?? '')).toMatchObject({ ok: false, error: { code: error } });
  }
});

it('a hiccup of the network while it waits does not end the login', async () => {
  answering();
  const { 'POST /v1/device/token': finish } = api.script;
  let hiccups = 2;
  api.script['POST /v1/device/token'] = (call) => {
    if (hiccups-- > 0)
      return { status: 503, body: { error: { code: 'store-unavailable', message: 'Not now.', next: 'Again.' } } };
    return typeof finish === 'function' ? finish(call) : {};
  };
  expect((await run(['login'], { env: env() })).code).toBe(0);
});

it('Ctrl-C while it waits is 130, and leaves no login', async () => {
  answering();
  api.script['POST /v1/device/token'] = () => oauthError('authorization_pending');
  const login = start(['login', '--json'], { env: env() });
  await login.said('BCDF-GHJK');
  login.child.kill('SIGINT');
  const { code, stdout } = await login.ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout.split('\n')[1] ?? '')).toMatchObject({ ok: false, error: { code: 'interrupted' } });
});

it('nobody there is 7, with the address and what to check', async () => {
  const { url } = api;
  await api.stop();
  const { code, stderr } = await run(['login', '--api', url], { env: env() });
  api = await startScriptedApi();
  expect(code).toBe(7);
  expect(stderr).toBe(`daypass: ${url} cannot be reached.\nCheck that Daypass runs there, and --api or DAYPASS_API.\n`);
});

it('something else that answers is 7', async () => {
  api.script = { 'POST /v1/device/authorize': { text: '<html>hello</html>' } };
  const { code, stderr } = await run(['login'], { env: env() });
  expect(code).toBe(7);
  expect(stderr).toContain('is not a Daypass API');
});
