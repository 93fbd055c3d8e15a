import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestView } from '#core/api/views.ts';
import { answerExtension } from '#usecases/decide/answer-extension.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { type Answered, type Call, caller, logIn } from './call.ts';
import { samplePolicy } from './sample-policy.ts';

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

const more = { duration: '30m', reason: 'INC-42 takes longer' };
const extend = (id: string, body: unknown = more, token = alice, headers: Record<string, string> = {}) =>
  call({ method: 'POST', path: `/v1/requests/${id}/extend`, token, body, headers });
const viewOf = ({ body }: Answered): RequestView => body as RequestView;
const codeOf = ({ body }: Answered): string => (body as { error: { code: string } }).error.code;

const asked = async (entitlement: string): Promise<string> => {
  const body = { entitlement, duration: '30m', reason: 'fixing INC-42' };
  return viewOf(await call({ method: 'POST', path: '/v1/requests', token: alice, body })).id;
};
/** A live grant of half an hour; `orders-read` needs no approval and is an hour at most. */
const live = async (entitlement: string): Promise<RequestView> => {
  const requestId = await asked(entitlement);
  if (entitlement === 'orders-admin') await castVote({ requestId, personId: 'bob', verdict: 'approve' }, world.ports);
  await activateGrant({ requestId }, world.ports);
  return viewOf(await call({ path: `/v1/requests/${requestId}`, token: alice }));
};
const afterMs = (iso: string | undefined, ms: number): string => new Date(Date.parse(iso ?? '') + ms).toISOString();
const halfHourMs = 30 * 60_000;

describe('more time that needs nobody', () => {
  it('moves the end at once, and the answer shows it', async () => {
    const { id, grant, extensions: before } = await live('orders-read');
    expect(before).toBeUndefined();
    const answer = await extend(id);
    const endsAt = afterMs(grant?.endsAt, halfHourMs);
    expect(answer).toMatchObject({ status: 200, body: { id, status: 'active', durationSec: 1800 } });
    expect(viewOf(answer).grant).toEqual({ startsAt: grant?.startsAt, endsAt });
    expect(viewOf(answer).extensions).toEqual([
      {
        id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
        status: 'granted',
        durationSec: 3600,
        endsAt,
        reason: 'INC-42 takes longer',
        askedAt: expect.stringMatching(/Z$/),
        votes: [],
        answeredAt: expect.stringMatching(/Z$/),
      },
    ]);
  });

  it('goes no further than the entitlement, and the refusal says how much is left', async () => {
    const { id } = await live('orders-read');
    const answer = await extend(id, { ...more, duration: '31m' });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'refused-by-policy']);
    expect(answer.text).toContain('at most 30 minutes');
    expect(viewOf(await call({ path: `/v1/requests/${id}`, token: alice }))).not.toHaveProperty('extensions');
  });
});

describe('more time that needs approval', () => {
  it('waits and says for whom, and the approver finds it', async () => {
    const { id, grant } = await live('orders-admin');
    const answer = await extend(id);
    expect(answer).toMatchObject({ status: 200, body: { grant } });
    expect(viewOf(answer).extensions).toEqual([
      {
        id: expect.any(String),
        status: 'waiting',
        durationSec: 3600,
        endsAt: afterMs(grant?.endsAt, halfHourMs),
        reason: 'INC-42 takes longer',
        askedAt: expect.any(String),
        votes: [],
        approvals: {
          count: 1,
          approvers: [
            { id: 'bob', name: 'Bob' },
            { id: 'carol', name: 'Carol' },
          ],
          groups: ['leads'],
        },
      },
    ]);
    const listed = async (token: string) =>
      (await call({ path: '/v1/requests', token })).body as { extensionsForMe: RequestView[]; mine: RequestView[] };
    expect((await listed(bob)).extensionsForMe).toContainEqual(answer.body);
    expect((await listed(alice)).extensionsForMe).toEqual([]);
    expect((await listed(alice)).mine).toContainEqual(answer.body);
  });

  it('shows who granted it, or who denied it and why; and what nobody answered as lapsed', async () => {
    const { id, grant } = await live('orders-admin');
    const answer = async (verdict: 'approve' | 'deny', reason: string): Promise<RequestView> => {
      const extensionId = viewOf(await extend(id)).extensions?.at(-1)?.id ?? '';
      await answerExtension({ requestId: id, extensionId, personId: 'bob', verdict, reason }, world.ports);
      return viewOf(await call({ path: `/v1/requests/${id}`, token: alice }));
    };
    const bobs = { id: 'bob', name: 'Bob' };
    const denied = await answer('deny', 'not tonight');
    expect(denied.grant).toEqual(grant);
    expect(denied.extensions?.[0]).toMatchObject({ status: 'denied', denied: { by: bobs, reason: 'not tonight' } });
    expect(denied.extensions?.[0]).not.toHaveProperty('approvals');
    const granted = await answer('approve', '');
    expect(granted.extensions?.map(({ status }) => status)).toEqual(['denied', 'granted']);
    expect(granted.extensions?.[1]?.votes).toMatchObject([{ person: bobs, verdict: 'approve' }]);
    expect(granted.grant?.endsAt).toBe(afterMs(grant?.endsAt, halfHourMs));
    await extend(id);
    await endGrant({ requestId: id, personId: 'alice', reason: 'done' }, world.ports);
    const over = viewOf(await call({ path: `/v1/requests/${id}`, token: alice }));
    expect(over.extensions?.map(({ status }) => status)).toEqual(['denied', 'granted', 'lapsed']);
    expect(over.extensions?.[2]).not.toHaveProperty('approvals');
  });

  it('may be asked for once at a time', async () => {
    const { id } = await live('orders-admin');
    await extend(id);
    const again = await extend(id);
    expect([again.status, codeOf(again)]).toEqual([409, 'already-decided']);
  });
});

describe('a key', () => {
  it('is one extension, however often it is sent', async () => {
    const { id, grant } = await live('orders-read');
    const headers = { 'idempotency-key': 'longer' };
    const body = { ...more, duration: '10m' };
    const [first, second] = [await extend(id, body, alice, headers), await extend(id, body, alice, headers)];
    expect(second).toMatchObject({ status: 200, body: first.body as object });
    expect(viewOf(second).grant?.endsAt).toBe(afterMs(grant?.endsAt, 600_000));
    expect(viewOf(await extend(id, body)).extensions).toHaveLength(2);
  });

  it('that stood for something else is refused: by another time, another grant, or a request', async () => {
    const [one, two] = [await live('orders-read'), await live('orders-read')];
    const headers = { 'idempotency-key': 'elsewhere' };
    expect((await extend(one.id, { ...more, duration: '1m' }, alice, headers)).status).toBe(200);
    expect((await extend(one.id, { ...more, duration: '2m' }, alice, headers)).status).toBe(422);
    expect((await extend(two.id, { ...more, duration: '1m' }, alice, headers)).status).toBe(422);
    const body = { entitlement: 'orders-read', reason: 'looking' };
    expect((await call({ method: 'POST', path: '/v1/requests', token: alice, body, headers })).status).toBe(422);
  });
});

describe('is refused', () => {
  it('a body with too little, too much or no duration in it', async () => {
    const { id } = await live('orders-read');
    for (const body of [
      {},
      { duration: '30m' },
      { reason: 'x' },
      { ...more, endsAt: '2099-01-01T00:00:00.000Z' },
      { ...more, personId: 'bob' },
      { ...more, duration: 'soon' },
      { ...more, duration: '-5m' },
      { ...more, duration: 1800 },
    ]) {
      const answer = await extend(id, body);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid-input']);
    }
  });

  it('what is somebody else’s, word for word as what is not there', async () => {
    const { id } = await live('orders-read');
    const [theirs, none] = [await extend(id, more, bob), await extend('01KAN0DAYPASS0000000000000', more, bob)];
    expect(theirs.status).toBe(404);
    expect(theirs.text).toBe(none.text);
  });

  it('what is not live yet, and what is not live any more', async () => {
    const waiting = await extend(await asked('orders-admin'));
    expect([waiting.status, codeOf(waiting)]).toEqual([409, 'not-live']);
    const { id } = await live('orders-read');
    await world.clock.turn(halfHourMs);
    const late = await extend(id);
    expect([late.status, codeOf(late)]).toEqual([409, 'not-live']);
  });

  it('who is locked down', async () => {
    const { id } = await live('orders-read');
    world.govern({ ...samplePolicy, mayLockDown: ['leads'] });
    const told = { grants: 0, sessions: 0, waiting: 0 };
    const order = { lockdownId: world.ports.ids.ulid(), reason: 'laptop stolen', personId: 'bob', told };
    const locked = await beginLockdown({ ...order, scope: { kind: 'person', personId: 'alice' } }, world.ports);
    expect(locked.ok).toBe(true);
    const answer = await extend(id);
    world.govern(samplePolicy);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'locked-down']);
  });
});
