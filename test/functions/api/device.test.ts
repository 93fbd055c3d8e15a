import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirmLogin, denyLogin, findLogin } from '#usecases/login/confirm-login.ts';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { authorize, type Call, caller, grantType, logIn, poll } from './call.ts';

let world: ApiWorld;
let call: Call;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
});
afterAll(() => world.stop());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const token = (body: string, headers: Record<string, string> = form) =>
  call({ method: 'POST', path: '/v1/device/token', body, headers });

it('starts a login as RFC 8628 section 3.2 says, for a form, in base64 as API Gateway sends it, and for JSON', async () => {
  const bodies = [
    { body: 'client_id=daypass+CLI&host=laptop', headers: form },
    { body: 'client_id=daypass+CLI&host=laptop', headers: form, base64: true },
    { body: { client_id: 'daypass CLI', host: 'laptop' } },
  ];
  for (const asked of bodies) {
    const answer = await call({ method: 'POST', path: '/v1/device/authorize', ...asked });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: 'https://daypass.example.com/device',
      expires_in: 600,
      interval: 2,
    });
    const { user_code } = answer.body as { user_code: string };
    const found = await findLogin({ userCode: user_code }, world.ports);
    expect(found).toMatchObject({ value: { askedFrom: { ip: '192.0.2.7', program: 'daypass CLI', host: 'laptop' } } });
  }
});

it('what a program says of itself is one short line without anything invisible', async () => {
  const answer = await call({
    method: 'POST',
    path: '/v1/device/authorize',
    body: { client_id: `evil\u202E\n\u0007 ${'x'.repeat(200)}`, host: '\u200B' },
  });
  const { user_code } = answer.body as { user_code: string };
  const found = await findLogin({ userCode: user_code }, world.ports);
  expect(found).toMatchObject({ value: { askedFrom: { program: `evil ${'x'.repeat(55)}` } } });
  expect(found).not.toHaveProperty('value.askedFrom.host');
});

it('what a program says of itself is never cut inside a character', async () => {
  const program = `${'x'.repeat(59)}𝕏𝕏`;
  const answer = await call({ method: 'POST', path: '/v1/device/authorize', body: { client_id: program } });
  const { user_code } = answer.body as { user_code: string };
  const found = await findLogin({ userCode: user_code }, world.ports);
  expect(found).toMatchObject({ value: { askedFrom: { program: `${'x'.repeat(59)}𝕏` } } });
});

it('a poll is pending, then too soon, then a token, then nothing any more', async () => {
  const { device_code, user_code } = await authorize(call);
  expect(await poll(call, device_code)).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });
  expect(await poll(call, device_code)).toMatchObject({ status: 400, body: { error: 'slow_down' } });
  await confirmLogin({ userCode: user_code, personId: 'alice' }, world.ports);
  const redeemed = await poll(call, device_code);
  expect(redeemed.status).toBe(200);
  expect(redeemed.headers['cache-control']).toBe('no-store');
  expect(redeemed.body).toEqual({
    access_token: expect.stringMatching(/^[\w-]{43}$/),
    token_type: 'Bearer',
    expires_in: 28_800,
  });
  expect(await poll(call, device_code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

it('a denied and an expired login say so', async () => {
  const denied = await authorize(call);
  await denyLogin({ userCode: denied.user_code, personId: 'alice' }, world.ports);
  expect(await poll(call, denied.device_code)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
  const old = await authorize(call);
  await world.clock.turn(600_000);
  expect(await poll(call, old.device_code)).toMatchObject({ status: 400, body: { error: 'expired_token' } });
});

it('what is wrong with a token request is said in the words of OAuth', async () => {
  const wrong: [string, string][] = [
    ['', 'invalid_request'],
    ['device_code=x', 'invalid_request'],
    [`grant_type=${encodeURIComponent(grantType)}`, 'invalid_request'],
    ['grant_type=password&device_code=x', 'unsupported_grant_type'],
    [`grant_type=${encodeURIComponent(grantType)}&device_code=never-was`, 'invalid_grant'],
    [`grant_type=${encodeURIComponent(grantType)}&device_code=a&device_code=b`, 'invalid_request'],
  ];
  for (const [body, error] of wrong) {
    const answer = await token(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error, error_description: expect.any(String) });
  }
});

it('a token request that is no form and no JSON is refused with the shape of OAuth', async () => {
  expect(await token('hello', { 'content-type': 'text/plain' })).toMatchObject({
    status: 415,
    body: { error: 'invalid_request' },
  });
  expect(await token('{', { 'content-type': 'application/json' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
  expect(await token('[]', { 'content-type': 'application/json' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
});

it('logging out makes the token useless, and only that one', async () => {
  const [mine, other] = [await logIn(call, world, 'alice'), await logIn(call, world, 'alice')];
  const revoked = await call({
    method: 'POST',
    path: '/v1/device/revoke',
    body: `token=${mine}`,
    headers: form,
    token: mine,
  });
  expect(revoked).toMatchObject({ status: 200, body: {} });
  expect((await call({ path: '/v1/whoami', token: mine })).status).toBe(401);
  expect((await call({ path: '/v1/whoami', token: other })).status).toBe(200);
  expect((await call({ method: 'POST', path: '/v1/device/revoke', token: other })).status).toBe(200);
  expect((await call({ path: '/v1/whoami', token: other })).status).toBe(401);
});

it('a name that would change what every object is, is refused wherever it stands', async () => {
  for (const body of ['{"client_id":"x","__proto__":{"a":1}}', '{"more":{"deep":{"constructor":1}}}']) {
    const answer = await call({ method: 'POST', path: '/v1/device/authorize', body });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  }
  const answer = await call({
    method: 'POST',
    path: '/v1/device/authorize',
    body: '__proto__=x&client_id=y',
    headers: form,
  });
  expect(answer.status).toBe(200);
  expect(({} as Record<string, unknown>).a).toBeUndefined();
});

it('no code and no token is ever logged', async () => {
  const { device_code, user_code } = await authorize(call);
  await confirmLogin({ userCode: user_code, personId: 'alice' }, world.ports);
  const { access_token } = (await poll(call, device_code)).body as { access_token: string };
  await call({ path: '/v1/whoami', token: access_token });
  const away = async () => Promise.reject(new Error(access_token));
  const failing = { ...world, ports: { ...world.ports, requests: { ...world.ports.requests, ofPerson: away } } };
  expect((await caller(failing)({ path: '/v1/requests', token: access_token })).status).toBe(500);
  expect(world.logged()).toContain('A call of the HTTP API failed.');
  for (const secret of [device_code, access_token]) expect(world.logged()).not.toContain(secret);
});
