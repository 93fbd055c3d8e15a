import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '#core/request/request.ts';
import type { Actor, Plan } from './actor.ts';
import { ask, cancel, deliver, end, lift, mint, revoke, sweep, task, vote } from './acts.ts';
import { mustFinish } from './check.ts';
import { cleanSweep, flow, toEnd } from './flow.ts';
import { grantAndMint } from './races.ts';
import { createGround, freshWorld, tightRole, type World } from './world.ts';

const ground = await createGround();
let world: World;
beforeEach(() => {
  world = freshWorld(ground);
});

const request = (requestId: string): AccessRequest => {
  const found = world.memory.requests.get(requestId);
  if (!found) throw new Error(`There is no request ${requestId}.`);
  return found;
};
const working = (requestId: string): boolean[] =>
  world.observed.issued.filter(({ grantId }) => grantId === requestId).map(world.cloud.works);
const ends = (requestId: string, personId: string) => toEnd(world, end(world, { requestId, personId, reason: 'done' }));
const mints = async (requestId: string, personId: string): Promise<boolean> => {
  const actor = mint(world, { requestId, personId });
  await toEnd(world, actor);
  return (actor.value as { ok: boolean } | undefined)?.ok ?? false;
};
const settles = () => mustFinish(world);

describe('revoking', () => {
  const begun = async (personId = 'alice'): Promise<string> => {
    const { requestId } = await grantAndMint(world, personId, 'orders-admin');
    await ends(requestId, personId);
    return requestId;
  };

  it.each([1, 2, 3, 6])(
    'case 51: IAM that is out of order for %i attempts delays the revocation, no more',
    async (times) => {
      const requestId = await begun();
      world.outOfOrder.add('targetRoles');
      for (let attempt = 1; attempt <= times; attempt++) await toEnd(world, revoke(world, requestId));
      expect(request(requestId).status).toBe('ending');
      expect(working(requestId)).toEqual([true]);
      world.outOfOrder.clear();
      await flow(world);
      expect(request(requestId)).toMatchObject({ status: 'ended', how: 'denied' });
      expect(working(requestId)).toEqual([false]);
      await settles();
    },
  );

  it('case 51: a write that was applied and not answered is found in force by the next attempt', async () => {
    const write = (await countedCalls()).indexOf('targetRoles.writeDeny') + 1;
    const requestId = await begun();
    await toEnd(world, revoke(world, requestId, { [write]: 'unheard' }));
    expect(request(requestId).status).toBe('ending');
    expect(working(requestId)).toEqual([false]);
    await flow(world);
    expect(request(requestId)).toMatchObject({ status: 'ended', how: 'denied' });
    await settles();
  });

  /** The port calls of one undisturbed revocation. Afterwards the world is a fresh one. */
  const countedCalls = async (): Promise<string[]> => {
    const calls: string[] = [];
    world = freshWorld(ground, { answered: (_, call) => void calls.push(call) });
    const requestId = await begun();
    calls.length = 0;
    await toEnd(world, revoke(world, requestId));
    world = freshWorld(ground);
    return calls;
  };

  it('a process that is killed before or after any port call of a revocation leaves nothing behind after one sweep', async () => {
    const calls = await countedCalls();
    expect(calls.length).toBeGreaterThan(10);
    for (let call = 1; call <= calls.length; call++) {
      for (const fault of ['crash-before', 'crash-after'] as const) {
        world = freshWorld(ground);
        const requestId = await begun();
        await toEnd(world, revoke(world, requestId, { [call]: fault }));
        world.clock.turn(61_000);
        await cleanSweep(world);
        expect([call, fault, request(requestId).status]).toEqual([call, fault, 'ended']);
        expect(working(requestId)).toEqual([false]);
        await settles();
      }
    }
  });

  it('case 56: the revocation that does not fit becomes a watermark; who is live on the role mints again after half a minute', async () => {
    const [one, two, three, live] = [
      await grantAndMint(world, 'alice', 'orders-read'),
      await grantAndMint(world, 'bob', 'orders-read'),
      await grantAndMint(world, 'carol', 'orders-read'),
      await grantAndMint(world, 'alice', 'orders-read'),
    ];
    for (const { requestId, personId } of [one, two, three]) await ends(requestId, personId);
    await flow(world);
    const deny = world.cloud.denyOf(tightRole) ?? '';
    expect(deny).toContain('DaypassEverySession');
    expect(deny.length).toBeLessThanOrEqual(300);
    for (const { requestId } of [one, two, three]) {
      expect(request(requestId).status).toBe('ended');
      expect(working(requestId)).toEqual([false]);
    }
    expect(request(live.requestId).status).toBe('active');
    world.clock.turn(30_000);
    expect(await mints(live.requestId, 'alice')).toBe(true);
    expect(working(live.requestId)).toEqual([false, true]);
    await settles();
  });

  it.each([
    ['a second early', -1_000, 'active'],
    ['in time', 0, 'ended'],
    ['an hour late', 3_600_000, 'ended'],
  ])('case 62: a timer that fires %s ends no window early and leaves none open', async (_, byMs, status) => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    world.clock.turn(3_600_000 + byMs);
    expect(working(requestId)).toEqual([byMs < 0]);
    await flow(world);
    await flow(world);
    expect(request(requestId).status).toBe(status);
    await settles();
  });

  it('case 62: the end of the window is revoked by the sweeper when the workflow is gone', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    world.executions.stop(requestId);
    for (const lost of world.bus.pending()) world.bus.taken(lost);
    expect(request(requestId).status).toBe('active');
    await cleanSweep(world);
    expect(request(requestId).status).toBe('ended');
    expect(working(requestId)).toEqual([false]);
    await settles();
  });

  it('a grant ends within seconds also where the answer to the first click was lost and it was clicked again', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    await toEnd(world, end(world, { requestId, personId: 'alice', reason: 'done' }, { 'requests.save': 'unheard' }));
    expect(world.memory.outbox.size).toBe(1);
    await ends(requestId, 'alice');
    await flow(world);
    expect(working(requestId)).toEqual([false]);
    expect(request(requestId).status).toBe('ended');
    await settles();
  });

  it('so a request starts, is approved and is cancelled, and a lockdown begins, by the second click', async () => {
    const owed = () => [...world.memory.outbox.values()].map(({ name }) => name);
    const twice = async (event: string, clicks: (plan: Plan) => Actor): Promise<void> => {
      await toEnd(world, clicks({ 'requests.save': 'unheard', 'lockdowns.save': 'unheard' }));
      expect(owed()).toEqual([event]);
      await toEnd(world, clicks({}));
      expect(owed()).toEqual([]);
    };
    const [requestId, lockdownId] = [world.newId(), world.newId()];
    const reason = 'fixing INC-42';
    const wanted = { requestId, personId: 'alice', entitlementId: 'orders-admin', durationSec: 3600, reason };
    await twice('request.submitted', (plan) =>
      world.start('api', 'alice asks', plan, (ports) => world.does.submitRequest(wanted, ports)),
    );
    await twice('request.approved', (plan) => vote(world, { requestId, personId: 'bob', verdict: 'approve' }, plan));
    await twice('request.cancelled', (plan) => cancel(world, { requestId, personId: 'alice' }, plan));
    const scope = { kind: 'person', personId: 'alice' } as const;
    await twice('lockdown.begun', (plan) =>
      world.start('api', 'bob locks down', plan, (ports) =>
        world.does.beginLockdown({ lockdownId, scope, personId: 'bob', reason }, ports),
      ),
    );
    await twice('lockdown.lifted', (plan) => lift(world, { lockdownId, personId: 'bob' }, plan));
    await settles();
  });

  it('case 64: after six failed attempts the revocation is visibly failed, and the sweeper goes on until it holds', async () => {
    const requestId = await begun();
    world.outOfOrder.add('targetRoles');
    await flow(world);
    expect(request(requestId)).toMatchObject({ status: 'ending', failure: { since: '2026-11-22T10:00:00.000Z' } });
    expect(world.executions.find(requestId)?.status).toBe('ended');
    const attempts = world.executions
      .story('access-request', requestId)
      .find(({ state }) => state === 'RevokeSessions');
    expect(attempts?.errors).toEqual(Array.from({ length: 6 }, () => 'RoleUnavailable'));
    expect(world.observed.saved.size).toBeGreaterThan(0);
    expect([...world.bus.published().values()].some((text) => text.includes('"grant.revocation-failed"'))).toBe(true);
    world.clock.turn(300_000);
    await toEnd(world, sweep(world));
    expect(request(requestId)).toMatchObject({ status: 'ending', failure: { since: '2026-11-22T10:00:00.000Z' } });
    expect(working(requestId)).toEqual([true]);
    world.outOfOrder.clear();
    await cleanSweep(world);
    expect(request(requestId)).toMatchObject({ status: 'ended', how: 'denied' });
    expect(working(requestId)).toEqual([false]);
    await settles();
  });

  it('case 42: an execution that was started before its request changed again never writes what it had read', async () => {
    const { requestId, actor } = ask(world, { personId: 'alice', entitlementId: 'orders-read', durationSec: 3600 });
    await toEnd(world, actor);
    const [started] = world.bus.pending();
    if (!started) throw new Error('Nothing is on the bus.');
    const slow = deliver(world, started);
    await new Promise(setImmediate);
    const [reads] = world.lot.parked();
    if (reads) await world.lot.step(reads);
    await toEnd(world, deliver(world, started, {}, true));
    await world.executions.quiet();
    const [due] = world.executions.due();
    if (due) await toEnd(world, task(world, due));
    expect(request(requestId).status).toBe('active');
    await toEnd(world, slow);
    expect(request(requestId).status).toBe('active');
    await settles();
  });
});
