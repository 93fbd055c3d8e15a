import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { type Answered, type Call, caller, logIn } from './call.ts';

let world: ApiWorld;
let call: Call;
let alice: string;
let bob: string;
let dave: string;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
  [alice, bob, dave] = [
    await logIn(call, world, 'alice'),
    await logIn(call, world, 'bob'),
    await logIn(call, world, 'dave'),
  ];
});
afterAll(() => world.stop());

const ask = (token: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
  call({ method: 'POST', path: '/v1/requests', token, body, headers });
const fixing = { entitlement: 'orders-admin', duration: '30m', reason: 'fixing INC-42' };
const idOf = ({ body }: Answered): string => (body as { id: string }).id;
const codeOf = ({ body }: Answered): string => (body as { error: { code: string } }).error.code;

it('half a character in a reason is kept as what stands for one', async () => {
  const answer = await ask(alice, { ...fixing, reason: 'fixing \ud835 INC-42' });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ reason: 'fixing \ufffd INC-42' });
});

it('an ask that needs approval is pending, and says of whom', async () => {
  const answer = await ask(alice, { ...fixing, ticket: 'INC-42' });
  expect(answer.status).toBe(201);
  expect(answer.headers.location).toBe(`/v1/requests/${idOf(answer)}`);
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
    status: 'pending',
    person: { id: 'alice', name: 'Alice' },
    entitlementId: 'orders-admin',
    accountId: '222222222222',
    roleName: 'daypass-jit-orders-admin',
    durationSec: 1800,
    reason: 'fixing INC-42',
    ticket: 'INC-42',
    askedAt: '2026-11-22T10:00:00.000Z',
    lapsesAt: '2026-11-23T10:00:00.000Z',
    votes: [],
    approvals: {
      count: 1,
      approvers: [
        { id: 'bob', name: 'Bob' },
        { id: 'carol', name: 'Carol' },
      ],
      groups: ['leads'],
    },
  });
});

it('an ask that needs nobody is approved, for the usual time where none was said', async () => {
  const answer = await ask(alice, { entitlement: 'orders-read', reason: 'looking' });
  expect(answer).toMatchObject({ status: 201, body: { status: 'approved', durationSec: 1800 } });
  expect(answer.body).not.toHaveProperty('approvals');
});

it('what the policy refuses is 403, and the same for what is not theirs and what is not there', async () => {
  const hidden = await ask(alice, { ...fixing, entitlement: 'audit-read' });
  const absent = await ask(alice, { ...fixing, entitlement: 'audit-nothing' });
  expect(hidden.status).toBe(403);
  expect(codeOf(hidden)).toBe('refused-by-policy');
  expect(hidden.text.replaceAll('audit-read', 'X')).toBe(absent.text.replaceAll('audit-nothing', 'X'));
  expect((await ask(dave, fixing)).status).toBe(403);
  expect((await ask(alice, { ...fixing, duration: '5h' })).status).toBe(403);
  expect((await ask(alice, { ...fixing, reason: '  ' })).status).toBe(403);
});

it('a refusal of what they may not know of leaves no trace that they could find', async () => {
  await ask(dave, { entitlement: 'audit-read', reason: 'curious' });
  const stored = await world.ports.requests.ofPerson('dave');
  const hidden = stored.find(({ entitlementId }) => entitlementId === 'audit-read');
  expect(hidden).toMatchObject({ status: 'refused' });
  expect((await call({ path: '/v1/requests', token: dave })).body).toEqual({
    mine: [],
    waitingForMe: [],
    extensionsForMe: [],
  });
  expect((await call({ path: `/v1/requests/${hidden?.id}`, token: dave })).status).toBe(404);
});

it('a refusal of what they may ask for stays in their list, with the reasons', async () => {
  await ask(bob, { entitlement: 'orders-read', duration: '2h', reason: 'too long' });
  const { mine } = (await call({ path: '/v1/requests', token: bob })).body as { mine: unknown[] };
  expect(mine).toContainEqual(
    expect.objectContaining({ status: 'refused', refusedBecause: [expect.stringContaining('1 hour')] }),
  );
});

it('lists what is mine, newest first, and what waits for my vote, and never what is neither', async () => {
  await world.clock.turn(1000);
  const asked = await ask(alice, { ...fixing, reason: 'the newest' });
  const mine = (await call({ path: '/v1/requests', token: alice })).body as {
    mine: { id: string; person: { id: string } }[];
    waitingForMe: unknown[];
  };
  expect(mine.mine[0]?.id).toBe(idOf(asked));
  expect(mine.mine.every(({ person }) => person.id === 'alice')).toBe(true);
  expect(mine.waitingForMe).toEqual([]);
  const bobs = (await call({ path: '/v1/requests', token: bob })).body as {
    waitingForMe: { id: string; person: { id: string } }[];
  };
  expect(bobs.waitingForMe.map(({ id }) => id)).toContain(idOf(asked));
  expect(bobs.waitingForMe.every(({ person }) => person.id !== 'bob')).toBe(true);
  expect((await call({ path: '/v1/requests', token: dave })).body).toEqual({
    mine: [],
    waitingForMe: [],
    extensionsForMe: [],
  });
});

it('a request is there for its person and its approvers; for everybody else it is absent, word for word', async () => {
  const id = idOf(await ask(alice, fixing));
  expect((await call({ path: `/v1/requests/${id}`, token: alice })).status).toBe(200);
  expect((await call({ path: `/v1/requests/${id}`, token: bob })).status).toBe(200);
  const absent = '01KAN0DAYPASS0000000000000';
  const routes = [
    { method: 'GET', end: '' },
    { method: 'POST', end: '/end' },
    { method: 'POST', end: '/cancel' },
    { method: 'POST', end: '/extend', body: { duration: '30m', reason: 'more of it' } },
  ];
  for (const { end, ...asked } of routes) {
    const theirs = await call({ ...asked, path: `/v1/requests/${id}${end}`, token: dave });
    const none = await call({ ...asked, path: `/v1/requests/${absent}${end}`, token: dave });
    expect(theirs.status).toBe(404);
    expect(theirs.text).toBe(none.text);
    expect(theirs.headers).toEqual(none.headers);
  }
});

it('who may approve a request may not cancel it, nor end it as theirs', async () => {
  const id = idOf(await ask(alice, fixing));
  expect((await call({ method: 'POST', path: `/v1/requests/${id}/cancel`, token: bob })).status).toBe(404);
  expect((await call({ method: 'POST', path: `/v1/requests/${id}/end`, token: bob })).status).toBe(404);
});

it('cancelling takes a pending request back, and twice is nothing', async () => {
  const id = idOf(await ask(alice, fixing));
  for (let time = 0; time < 2; time++) {
    const answer = await call({ method: 'POST', path: `/v1/requests/${id}/cancel`, token: alice });
    expect(answer).toMatchObject({ status: 200, body: { id, status: 'cancelled' } });
  }
});

it('what has no live grant cannot be ended', async () => {
  const id = idOf(await ask(alice, fixing));
  const answer = await call({ method: 'POST', path: `/v1/requests/${id}/end`, token: alice });
  expect(answer.status).toBe(409);
  expect(codeOf(answer)).toBe('not-live');
});

it('a body that is not what the route takes is refused with what is wrong', async () => {
  const wrong: [unknown, Record<string, string>, number, string][] = [
    ['{"entitlement":', {}, 400, 'invalid-json'],
    ['[]', {}, 400, 'invalid-input'],
    ['null', {}, 400, 'invalid-input'],
    ['"text"', {}, 400, 'invalid-input'],
    [{ entitlement: 'orders-admin' }, {}, 400, 'invalid-input'],
    [{ ...fixing, entitlement: 7 }, {}, 400, 'invalid-input'],
    [{ ...fixing, personId: 'bob' }, {}, 400, 'invalid-input'],
    [{ ...fixing, duration: '30' }, {}, 400, 'invalid-input'],
    [{ ...fixing, duration: '30m; rm' }, {}, 400, 'invalid-input'],
    [{ ...fixing, duration: '-1m' }, {}, 400, 'invalid-input'],
    ['{"entitlement":"orders-admin","reason":"x","__proto__":{"admin":true}}', {}, 400, 'invalid-input'],
    ['{"entitlement":"orders-admin","reason":{"constructor":{"prototype":1}}}', {}, 400, 'invalid-input'],
    [
      'entitlement=orders-admin&reason=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    [JSON.stringify(fixing), { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    [{ ...fixing, reason: 'x'.repeat(20_000) }, {}, 413, 'too-large'],
  ];
  const before = world.events.length;
  for (const [body, headers, status, code] of wrong) {
    const answer = await ask(alice, body, headers);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.body).toEqual({ error: { code, message: expect.any(String), next: expect.any(String) } });
  }
  expect(world.events).toHaveLength(before);
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
});

it('names the member that is forbidden and the one that is unknown', async () => {
  const forbidden = await ask(alice, '{"__proto__":1}');
  expect(forbidden.text).toContain('__proto__');
  const unknown = await ask(alice, { ...fixing, personId: 'bob' });
  expect(unknown.text).toContain('personId');
});

it('JSON with a charset is JSON', async () => {
  expect((await ask(alice, fixing, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(201);
});
