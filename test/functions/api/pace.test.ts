import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { type Call, caller, logIn } from './call.ts';

let world: ApiWorld;
let call: Call;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
});
afterAll(() => world.stop());

it('one person calls six hundred times within a minute; more waits, but what ends access and what others do', async () => {
  const [alice, bob] = [await logIn(call, world, 'alice'), await logIn(call, world, 'bob')];
  const body = { entitlement: 'orders-admin', duration: '30m', reason: 'fixing INC-42' };
  const asked = async () =>
    ((await call({ method: 'POST', path: '/v1/requests', token: alice, body })).body as { id: string }).id;
  await world.clock.turn(60_000 - (world.clock.nowMs() % 60_000) + 18_000);
  const id = await asked();
  for (let count = 1; count < 600; count += 1) {
    expect((await call({ path: '/v1/whoami', token: alice })).status).toBe(200);
  }
  for (const path of ['/v1/whoami', '/v1/requests', `/v1/requests/${id}`, '/v1/lockdowns']) {
    const { status, headers, body: said } = await call({ path, token: alice });
    expect([path, status, headers['retry-after'], said]).toEqual([
      path,
      429,
      '42',
      {
        error: {
          code: 'too-many',
          message: 'You have called 600 times within a minute, which is the limit.',
          next: 'Try again in 42 s. What ends access is never limited.',
        },
      },
    ]);
  }
  const post = async (path: string, given: unknown = {}) =>
    (await call({ method: 'POST', path, token: alice, body: given })).status;
  expect(await post('/v1/requests', body)).toBe(429);
  expect(await post('/v1/lockdowns/lift', { kind: 'person', name: 'bob', reason: 'it was me' })).toBe(429);
  expect(await post(`/v1/requests/${id}/end`)).toBe(409);
  expect(await post(`/v1/requests/${id}/cancel`)).toBe(200);
  expect(await post('/v1/lockdowns', { kind: 'person', name: 'bob' })).toBe(403);
  expect((await call({ path: '/v1/whoami', token: bob })).status).toBe(200);
  expect((await call({ path: '/v1/health' })).status).toBe(200);
  await world.clock.turn(42_000);
  expect((await call({ path: '/v1/whoami', token: alice })).status).toBe(200);
  await world.clock.turn(0);
  for (let count = 1; count < 600; count += 1) await call({ path: '/v1/whoami', token: alice });
  expect(await post('/v1/device/revoke')).toBe(200);
});
