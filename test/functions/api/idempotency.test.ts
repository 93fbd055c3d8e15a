import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { type Answered, type Call, caller, logIn } from './call.ts';

let world: ApiWorld;
let call: Call;
let alice: string;
let bob: string;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
  [alice, bob] = [await logIn(call, world, 'alice'), await logIn(call, world, 'bob')];
});
afterAll(() => world.stop());

const ask = (token: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
  call({ method: 'POST', path: '/v1/requests', token, body, headers });
const fixing = { entitlement: 'orders-admin', duration: '30m', reason: 'fixing INC-42' };
const idOf = ({ body }: Answered): string => (body as { id: string }).id;
const codeOf = ({ body }: Answered): string => (body as { error: { code: string } }).error.code;

it('the same key of the same person is the same request', async () => {
  const headers = { 'idempotency-key': 'once' };
  const first = await ask(alice, fixing, headers);
  await world.clock.turn(5000);
  const second = await ask(alice, fixing, headers);
  expect(second.status).toBe(201);
  expect(second.body).toEqual(first.body);
});

it('the same key of another person is another request', async () => {
  const headers = { 'idempotency-key': 'shared' };
  const [hers, his] = [await ask(alice, fixing, headers), await ask(bob, fixing, headers)];
  expect([hers.status, his.status]).toEqual([201, 201]);
  expect(idOf(hers)).not.toBe(idOf(his));
});

it('the same key for something else is refused, and asks for nothing', async () => {
  const headers = { 'idempotency-key': 'changed' };
  await ask(alice, fixing, headers);
  const before = world.events.length;
  const answer = await ask(alice, { ...fixing, duration: '1h' }, headers);
  expect(answer.status).toBe(422);
  expect(codeOf(answer)).toBe('key-reused');
  expect(world.events).toHaveLength(before);
});

it('many at once with one key are one request', async () => {
  const headers = { 'idempotency-key': 'storm' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(alice, fixing, headers)));
  const made = answers.filter(({ status }) => status === 201);
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made.map(idOf)).size).toBe(1);
  for (const answer of answers.filter(({ status }) => status !== 201)) expect(codeOf(answer)).toBe('in-progress');
});

it('a crash after the key was kept and before the request was made leads to one request, not two', async () => {
  const headers = { 'idempotency-key': 'crashed' };
  const dying = caller({
    ...world,
    ports: {
      ...world.ports,
      requests: {
        ...world.ports.requests,
        save: async () => {
          throw new Error('the process died');
        },
      },
    },
  });
  expect((await dying({ method: 'POST', path: '/v1/requests', token: alice, body: fixing, headers })).status).toBe(500);
  const [one, two] = [await ask(alice, fixing, headers), await ask(alice, fixing, headers)];
  expect(one.status).toBe(201);
  expect(idOf(two)).toBe(idOf(one));
});

it('a key that is empty or too long is refused', async () => {
  for (const key of [' ', 'k'.repeat(201)])
    expect((await ask(alice, fixing, { 'idempotency-key': key })).status).toBe(400);
});
