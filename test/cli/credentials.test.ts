import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RequestView } from '#core/api/views.ts';
import { run, start, temporaryHome } from './cli.ts';
import { active, approved, credentials, denied, ended, otherId, pending, requestId, saveLogin } from './samples.ts';
import { type ScriptedApi, startScriptedApi } from './scripted-api.ts';

let api: ScriptedApi;
let home: string;
let remove: () => void;
beforeEach(async () => {
  api = await startScriptedApi();
  ({ home, remove } = temporaryHome());
  saveLogin(home, api.url);
});
afterEach(async () => {
  remove();
  await api.stop();
});

const env = (more: Record<string, string> = {}) => ({ DAYPASS_HOME: home, ...more });
const { secretAccessKey, sessionToken } = credentials.credentials;

const mine = (...requests: RequestView[]): void => {
  api.script['GET /v1/requests'] = { body: { mine: requests, waitingForMe: [] } };
  for (const request of requests) {
    api.script[`GET /v1/requests/${request.id}`] = { body: request };
    api.script[`POST /v1/requests/${request.id}/credentials`] = { body: { ...credentials, requestId: request.id } };
  }
};

it('credential-process prints exactly what an AWS SDK reads, on one line, and nothing on stderr', async () => {
  mine(active);
  const { code, stdout, stderr } = await run(['credential-process', '--entitlement', 'orders-admin'], { env: env() });
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout.trimEnd()).not.toContain('\n');
  expect(JSON.parse(stdout)).toEqual({
    Version: 1,
    AccessKeyId: 'ASIAEXAMPLE',
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: '2026-11-22T10:31:00.000Z',
  });
});

it('of several live grants the one that ends last is used, and never another entitlement', async () => {
  const later = {
    ...active,
    id: otherId,
    grant: { startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T11:00:00.000Z' },
  };
  const stranger = { ...later, id: '01KAN0DAYPASS0000000000002', entitlementId: 'payments-admin' };
  mine(active, later, stranger, ended, pending);
  await run(['credential-process', '--entitlement', 'orders-admin'], { env: env() });
  expect(api.received.at(-1)?.path).toBe(`/v1/requests/${otherId}/credentials`);
});

it('a request that waits is 4 with one hint, and does not wait', async () => {
  for (const waiting of [pending, approved]) {
    mine(waiting, { ...ended, id: otherId });
    const { code, stdout, stderr } = await run(['credential-process', '--entitlement', 'orders-admin'], { env: env() });
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toContain(requestId);
    expect((await run(['credential-process', '--request', requestId], { env: env() })).code).toBe(4);
  }
});

it('what is approved and starts within a moment is waited for', async () => {
  mine(active);
  const states = [approved, approved, active];
  api.script['GET /v1/requests'] = () => ({ body: { mine: [states.shift() ?? active], waitingForMe: [] } });
  expect((await run(['credential-process', '--entitlement', 'orders-admin'], { env: env() })).code).toBe(0);
});

it('no grant is 5 and says how to ask', async () => {
  mine(ended);
  const { code, stderr } = await run(['credential-process', '--entitlement', 'orders-admin'], { env: env() });
  expect(code).toBe(5);
  expect(stderr).toContain('daypass request orders-admin');
});

it('a request by its id is 3 when it was denied, 5 when it is over, 5 when it is not there', async () => {
  mine(denied, { ...ended, id: otherId });
  expect((await run(['env', '--request', requestId], { env: env() })).code).toBe(3);
  expect((await run(['env', '--request', otherId], { env: env() })).code).toBe(5);
  expect((await run(['env', '--request', 'no-such'], { env: env() })).code).toBe(5);
});

it('a grant that ended between the look and the mint is 5', async () => {
  mine(active);
  const error = { code: 'not-live', message: 'Your grant of orders-admin is not live any more.', next: 'Ask again.' };
  api.script[`POST /v1/requests/${requestId}/credentials`] = { status: 409, body: { error } };
  const { code, stdout } = await run(['env', '--entitlement', 'orders-admin', '--json'], { env: env() });
  expect(code).toBe(5);
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    error: { code: 'not-live', message: error.message, hint: 'Ask again.' },
  });
});

it('STS that is not available is 7', async () => {
  mine(active);
  const error = { code: 'credentials-unavailable', message: 'STS does not answer.', next: 'Try again in a moment.' };
  api.script[`POST /v1/requests/${requestId}/credentials`] = { status: 503, body: { error } };
  expect((await run(['credential-process', '--request', requestId], { env: env() })).code).toBe(7);
});

it('which grant must be said, and in one way', async () => {
  expect((await run(['credential-process'], { env: env() })).code).toBe(2);
  expect((await run(['env', '--request', requestId, '--entitlement', 'orders-admin'], { env: env() })).code).toBe(2);
  expect(api.received).toEqual([]);
});

it('env is evaluated by a real shell to exactly these values, whatever characters they have', async () => {
  mine(active);
  const { stdout, stderr } = await run(['env', '--entitlement', 'orders-admin'], { env: env() });
  expect(stderr).toBe('');
  const script = `${stdout}\nprintf '%s\\n' "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" "$AWS_ENDPOINT_URL" "$AWS_REGION" "\${AWS_PROFILE-unset}"`;
  const said = execFileSync('/bin/sh', ['-c', script], { env: { AWS_PROFILE: 'other' }, encoding: 'utf8' });
  expect(said.trimEnd().split('\n')).toEqual([
    secretAccessKey,
    sessionToken,
    'http://127.0.0.1:4566',
    'us-east-1',
    'unset',
  ]);
});

it('env --json gives the variables as data', async () => {
  mine(active);
  const { stdout } = await run(['env', '--entitlement', 'orders-admin', '--json'], {
    env: env({ AWS_REGION: 'eu-central-1' }),
  });
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    data: {
      variables: { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
      unset: expect.arrayContaining(['AWS_PROFILE']),
    },
  });
  // The person's own region stays.
  expect(stdout).not.toContain('us-east-1');
});

it('env for a shell that it does not know is a usage error', async () => {
  const { code, stderr } = await run(['env', '--request', requestId, '--shell', 'elvish'], { env: env() });
  expect(code).toBe(2);
  expect(stderr).toContain('sh, fish, tcsh, powershell, cmd');
});

it('env for a shell that cannot evaluate text, or that nobody knows, says what to do, and mints nothing', async () => {
  const { code, stdout, stderr } = await run(['env', '--request', requestId], {
    env: env({ SHELL: '/usr/local/bin/nu' }),
  });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`\`daypass exec --request ${requestId} -- nu\``);
  expect(api.received).toEqual([]);
});

const printEnvironment = `process.stdout.write(JSON.stringify(process.env))`;

it('exec gives the command the credentials, takes away what would get in the way, and passes the rest', async () => {
  mine(active);
  const foreign = { AWS_PROFILE: 'other', AWS_WEB_IDENTITY_TOKEN_FILE: '/x', AWS_ROLE_ARN: 'r', MINE: 'stays' };
  const { code, stdout } = await run(['exec', '--entitlement', 'orders-admin', '--', 'node', '-e', printEnvironment], {
    env: env(foreign),
  });
  expect(code).toBe(0);
  const seen = JSON.parse(stdout) as Record<string, string>;
  expect(seen).toMatchObject({
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: '2026-11-22T10:31:00.000Z',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_REGION: 'us-east-1',
    MINE: 'stays',
  });
  for (const name of ['AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'])
    expect(seen).not.toHaveProperty(name);
});

it('exec sets no endpoint where the API names none', async () => {
  mine(active);
  const { endpointUrl: _, ...real } = credentials;
  api.script[`POST /v1/requests/${requestId}/credentials`] = { body: real };
  const { stdout } = await run(['exec', '--request', requestId, '--', 'node', '-e', printEnvironment], { env: env() });
  expect(JSON.parse(stdout)).not.toHaveProperty('AWS_ENDPOINT_URL');
  expect(JSON.parse(stdout)).toHaveProperty('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true');
});

it('exec ends as its command ends', async () => {
  mine(active);
  const exec = ['exec', '--request', requestId, '--'];
  expect((await run([...exec, 'node', '-e', 'process.exit(42)'], { env: env() })).code).toBe(42);
  expect((await run([...exec, 'node', '-e', 'process.kill(process.pid, "SIGKILL")'], { env: env() })).code).toBe(137);
  const absent = await run([...exec, 'no-such-command-here'], { env: env() });
  expect(absent).toMatchObject({ code: 127, stdout: '' });
  expect(absent.stderr).toBe('daypass: There is no command no-such-command-here.\n');
});

it("exec leaves its command's own options alone", async () => {
  mine(active);
  const { stdout } = await run(
    ['exec', '--request', requestId, 'node', '-p', 'process.argv.length', '--', '--json', '--help'],
    { env: env() },
  );
  expect(stdout).toBe('3\n');
});

it('exec passes signals on to its command', async () => {
  mine(active);
  const command = 'process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000)';
  const running = start(['exec', '--request', requestId, '--', 'node', '-e', command], { env: env() });
  await running.said('up');
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(7);
});

it('exec without a command is a usage error, and mints nothing', async () => {
  expect((await run(['exec', '--request', requestId], { env: env() })).code).toBe(2);
  expect(api.received).toEqual([]);
});

it('nothing secret is ever on stderr', async () => {
  mine(active);
  const commands = [
    ['credential-process', '--request', requestId],
    ['env', '--request', requestId, '--json'],
    ['exec', '--request', requestId, '--', 'no-such-command-here'],
  ];
  for (const command of commands) {
    const { stderr } = await run(command, { env: env({ DAYPASS_DEBUG: '1' }) });
    for (const secret of [secretAccessKey, sessionToken]) expect(stderr).not.toContain(secret);
  }
  // There was something to tell.
  expect(JSON.stringify(api.received)).toContain('/credentials');
});
