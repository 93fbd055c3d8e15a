import { beforeEach, describe, expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { tableStores } from '#test/kit/stores/table-stores.ts';
import { startTable } from '#test/kit/table.ts';
import { openWorld, type World, withPorts } from '#test/kit/world.ts';
import { askExtension } from '#usecases/ask/ask-extension.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';

const clock = turnableClock(Date.parse('2026-11-22T10:00:00.000Z'));
const roomy = samplePolicy(['  lapseAfter: 24h', '  waitingAtOnce: 1000\n  lapseAfter: 24h']);
let world: World;
beforeEach(async () => {
  await clock.turn(3_600_000 - (clock.nowMs() % 3_600_000));
  // So many that the hour's limit is reached before the one of what waits.
  world = openWorld({ clock, policy: roomy });
});

const ask = (
  personId = 'alice',
  { requestId = world.ports.ids.ulid(), entitlementId = 'orders-admin', durationSec = 3600 } = {},
  ports = world.ports,
) => submitRequest({ requestId, personId, entitlementId, durationSec, reason: 'fixing INC-42' }, ports);

const asked = async (entitlementId = 'orders-admin', durationSec = 3600): Promise<string> => {
  const outcome = await ask('alice', { entitlementId, durationSec });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value.id;
};

const most = {
  ok: false,
  refusal: {
    code: 'too-many',
    message: 'You have asked for access 240 times within 1 hour, which is the limit.',
    next: 'Try again in 1 hour.',
  },
};

describe('asks', () => {
  it('are two hundred and forty in an hour, of one person: 7,500 more store nothing, and others go on', async () => {
    for (let count = 0; count < 240; count += 1) expect((await ask()).ok).toBe(true);
    for (let count = 0; count < 7_500; count += 1) expect(await ask()).toEqual(most);
    expect(world.memory.requests.size).toBe(240);
    expect(world.memory.outbox.size + world.published.length).toBe(240);
    expect((await ask('carol')).ok).toBe(true);
    await clock.turn(3_600_000);
    expect((await ask()).ok).toBe(true);
  });

  it('sent again under the same id are the same ask, also when there may be no more', async () => {
    const requestId = await asked();
    for (let count = 1; count < 240; count += 1) await ask();
    expect(await ask('alice', { requestId })).toMatchObject({ ok: true, value: { id: requestId } });
    expect(await ask()).toEqual(most);
  });

  it('that the policy refuses are sixty in an hour; what it allows may still be asked', async () => {
    for (let count = 0; count < 60; count += 1) {
      expect(await ask('alice', { durationSec: 90_000 })).toMatchObject({ refusal: { code: 'refused-by-policy' } });
    }
    expect(await ask('alice', { durationSec: 90_000 })).toMatchObject({
      refusal: {
        code: 'too-many',
        message: 'You have asked for what the access policy refuses 60 times within 1 hour, which is the limit.',
      },
    });
    expect(world.memory.requests.size).toBe(60);
    expect((await ask()).ok).toBe(true);
  });

  it('are as many as the policy says, where it says so', async () => {
    world.govern(samplePolicy(['  lapseAfter: 24h', '  asksPerHour: 3\n  lapseAfter: 24h']));
    for (let count = 0; count < 3; count += 1) expect((await ask()).ok).toBe(true);
    expect(await ask()).toMatchObject({
      refusal: { message: 'You have asked for access 3 times within 1 hour, which is the limit.' },
    });
  });

  it('leave what removes access as it was: a no, a cancellation, a revocation and an end', async () => {
    const [denied, cancelled, revoked, done] = [await asked(), await asked(), await asked(), await asked()];
    for (const requestId of [revoked, done]) {
      await castVote({ requestId, personId: 'bob', verdict: 'approve' }, world.ports);
      await activateGrant({ requestId }, world.ports);
    }
    for (let count = 4; count < 250; count += 1) await Promise.all([ask(), ask('bob')]);
    expect(await ask('bob')).toEqual(most);
    const no = { requestId: denied, personId: 'bob', verdict: 'deny', reason: 'not now' } as const;
    expect(await castVote(no, world.ports)).toMatchObject({ ok: true, value: { status: 'denied' } });
    expect(await cancelRequest({ requestId: cancelled, personId: 'alice' }, world.ports)).toMatchObject({ ok: true });
    for (const [requestId, personId, reason] of [
      [revoked, 'bob', 'revoked'],
      [done, 'alice', 'done'],
    ] as const) {
      expect(await endGrant({ requestId, personId, reason }, world.ports)).toMatchObject({
        ok: true,
        value: { status: 'ending' },
      });
    }
  });
});

describe('requests that wait', () => {
  const full = (oldest: string) => ({
    ok: false,
    refusal: {
      code: 'too-many',
      message: 'You have 20 requests that wait for approval, and that is as many as may wait at once.',
      next: { do: 'cancel-one', requestId: oldest },
    },
  });
  beforeEach(() => world.govern(samplePolicy()));

  it('are twenty of one person: one more is not stored, others go on, and what needs no approval does', async () => {
    const waiting: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      waiting.push(await asked());
      await clock.turn(1);
    }
    expect(await ask()).toEqual(full(waiting[0] ?? ''));
    expect(world.memory.requests.size).toBe(20);
    expect((await ask('carol')).ok).toBe(true);
    expect((await ask('alice', { entitlementId: 'orders-read' })).ok).toBe(true);
    expect(await ask('alice', { requestId: waiting[7] ?? '' })).toMatchObject({ ok: true, value: { id: waiting[7] } });
  });

  it('make room by being taken back, denied or approved, and for no more than that', async () => {
    const waiting: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      waiting.push(await asked());
      await clock.turn(1);
    }
    const [taken = '', denied = '', approved = '', oldest = ''] = waiting;
    await cancelRequest({ requestId: taken, personId: 'alice' }, world.ports);
    await castVote({ requestId: denied, personId: 'bob', verdict: 'deny', reason: 'not now' }, world.ports);
    await castVote({ requestId: approved, personId: 'bob', verdict: 'approve' }, world.ports);
    for (let count = 0; count < 3; count += 1) expect((await ask()).ok).toBe(true);
    expect(await ask()).toEqual(full(oldest));
    await cancelRequest({ requestId: oldest, personId: 'alice' }, world.ports);
    expect((await ask()).ok).toBe(true);
    expect((await ask()).ok).toBe(false);
  });

  it('are as many as the policy says, where it says so', async () => {
    world.govern(samplePolicy(['  lapseAfter: 24h', '  waitingAtOnce: 2\n  lapseAfter: 24h']));
    expect([(await ask()).ok, (await ask()).ok, (await ask()).ok]).toEqual([true, true, false]);
  });

  it('are looked at only where there may be no more, and their end writes no count', async () => {
    let looks = 0;
    const counted = withPorts(world.ports, {
      requests: {
        openOf: (...given) => {
          looks += 1;
          return world.ports.requests.openOf(...given);
        },
      },
    });
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const outcome = await ask('alice', {}, counted);
      if (outcome.ok) ids.push(outcome.value.id);
    }
    expect([ids.length, looks]).toEqual([20, 0]);
    const before = new Map(world.memory.counts);
    for (const requestId of ids) await cancelRequest({ requestId, personId: 'alice' }, counted);
    expect(world.memory.counts).toEqual(before);
    for (let count = 0; count < 20; count += 1) expect((await ask('alice', {}, counted)).ok).toBe(true);
    expect(looks).toBe(1);
  });

  it('on the table, of sixty asks at once are twenty, and after ten were taken back ten more', async () => {
    const { table, stop } = await startTable();
    const { ports } = openWorld({ clock, stores: tableStores(table) });
    const flood = async () => {
      const outcomes = [];
      for (let batch = 0; batch < 6; batch += 1) {
        outcomes.push(...(await Promise.all(Array.from({ length: 10 }, () => ask('alice', {}, ports)))));
      }
      return outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value.id] : []));
    };
    const first = await flood();
    expect(first).toHaveLength(20);
    for (const requestId of first.slice(0, 10)) await cancelRequest({ requestId, personId: 'alice' }, ports);
    expect(await flood()).toHaveLength(10);
    await stop();
  });
});

it('what somebody may not ask for is refused in the same words however often, and takes nothing from what they may', async () => {
  const hidden = () => ask('dave', { entitlementId: 'orders-admin' });
  const first = await hidden();
  expect(first).toMatchObject({ ok: false, refusal: { code: 'refused-by-policy' } });
  for (let count = 1; count < 100; count += 1) expect(await hidden()).toEqual(first);
  expect(world.memory.requests.size).toBe(60);
});

it('asks for more time are sixty in an hour', async () => {
  let requestId = '';
  const more = () =>
    askExtension(
      { requestId, extensionId: world.ports.ids.ulid(), personId: 'alice', bySec: 1, reason: 'INC-42 takes longer' },
      world.ports,
    );
  let taken = 0;
  for (;;) {
    requestId = await asked('orders-read', 20);
    await activateGrant({ requestId }, world.ports);
    let outcome = await more();
    while (outcome.ok) {
      taken += 1;
      outcome = await more();
    }
    if (outcome.refusal.message.startsWith('You have asked for more time 60 times within 1 hour')) break;
    expect(outcome.refusal.message).toContain('times, and more is not taken');
  }
  expect(taken).toBe(60);
});

it('sessions of one role are six hundred in an hour, whichever grants they are of', async () => {
  let taken = 0;
  for (;;) {
    const requestId = await asked('orders-read');
    await activateGrant({ requestId }, world.ports);
    let minted = await mintCredentials({ requestId, personId: 'alice' }, world.ports);
    while (minted.ok) {
      taken += 1;
      minted = await mintCredentials({ requestId, personId: 'alice' }, world.ports);
    }
    if (minted.refusal.message.startsWith('You have taken credentials of this role')) break;
    // A grant has only so many in a minute.
    expect(minted.refusal.code).toBe('too-many');
  }
  expect(taken).toBe(600);
  expect(world.orders).toHaveLength(600);
});

it('on the table, of two hundred and fifty asks at once two hundred and forty are taken, in no call of their own', async () => {
  const { table, stop } = await startTable();
  const { ports } = openWorld({ clock, policy: roomy, stores: tableStores(table) });
  const outcomes = [];
  for (let batch = 0; batch < 25; batch += 1) {
    outcomes.push(...(await Promise.all(Array.from({ length: 10 }, () => ask('alice', {}, ports)))));
  }
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(240);
  expect(outcomes.filter(({ ok }) => !ok)[0]).toEqual(most);
  expect(await ports.requests.ofPerson('alice', 1000)).toHaveLength(240);
  await stop();
});
