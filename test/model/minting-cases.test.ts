import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest, RequestIn } from '#core/request/request.ts';
import type { Minted } from '#usecases/grant/mint-credentials.ts';
import { ask, deliver, end, mint, vote } from './acts.ts';
import { mustFinish } from './check.ts';
import { cleanSweep, flow, toEnd, upTo } from './flow.ts';
import { grant, grantAndMint } from './races.ts';
import { createGround, freshWorld, type World } from './world.ts';

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

/** The port calls of a mint: look at lockdowns and grant; the ledger; save, publish; STS. */
const stsCall = 6;

describe('minting', () => {
  it('case 37: while STS refuses, nothing is handed out, and afterwards the same grant mints', async () => {
    const { requestId } = await grant(world, 'alice', 'orders-admin');
    world.outOfOrder.add('tokenService');
    const refused = mint(world, { requestId, personId: 'alice' });
    await toEnd(world, refused);
    expect(refused.error).toMatchObject({ name: 'CredentialsUnavailable', remedy: 'retry-later' });
    expect(world.observed.issued).toEqual([]);
    world.outOfOrder.clear();
    expect(await mints(requestId, 'alice')).toBe(true);
    await settles();
  });

  it('case 38: an answer of STS that got lost makes a second session, and the end of the grant ends both', async () => {
    const { requestId } = await grant(world, 'alice', 'orders-admin');
    await toEnd(world, mint(world, { requestId, personId: 'alice' }, { 'tokenService.assumeRole': 'unheard' }));
    expect(await mints(requestId, 'alice')).toBe(true);
    expect(working(requestId)).toEqual([true, true]);
    await ends(requestId, 'alice');
    await flow(world);
    expect(working(requestId)).toEqual([false, false]);
    await settles();
  });

  it('case 39: the session of a process that was killed between STS and the database is ended with the grant', async () => {
    const { requestId } = await grant(world, 'alice', 'orders-admin');
    await toEnd(world, mint(world, { requestId, personId: 'alice' }, { 'tokenService.assumeRole': 'crash-after' }));
    expect(request(requestId).minted).toMatchObject({ count: 1, open: [{ expiresBy: '2026-11-22T11:01:00.000Z' }] });
    expect(working(requestId)).toEqual([true]);
    await ends(requestId, 'alice');
    await flow(world);
    expect(request(requestId)).toMatchObject({ status: 'ended', how: 'denied' });
    expect(working(requestId)).toEqual([false]);
    await settles();
  });

  it('case 46: no session is asked for longer than an hour, however long the grant is', async () => {
    const { requestId, actor } = ask(world, { personId: 'alice', entitlementId: 'orders-admin', durationSec: 14_400 });
    await toEnd(world, actor);
    await toEnd(world, vote(world, { requestId, personId: 'bob', verdict: 'approve' }));
    await flow(world);
    await mints(requestId, 'alice');
    world.clock.turn(3_599_999);
    expect(working(requestId)).toEqual([true]);
    world.clock.turn(1);
    expect(working(requestId)).toEqual([false]);
    expect(await mints(requestId, 'alice')).toBe(true);
    expect(working(requestId)).toEqual([false, true]);
    await settles();
  });

  it('case 53: a mint that waits for STS when the grant ends gets nothing, and its session is dead', async () => {
    const { requestId } = await grant(world, 'alice', 'orders-admin');
    const slow = mint(world, { requestId, personId: 'alice' });
    for (let call = 1; call < stsCall; call++) {
      await new Promise(setImmediate);
      const [next] = world.lot.parked();
      if (next) await world.lot.step(next);
    }
    await ends(requestId, 'alice');
    await flow(world);
    expect(request(requestId)).toMatchObject({ status: 'ended', how: 'denied' });
    world.clock.turn(29_000);
    await toEnd(world, slow);
    expect(slow.value).toMatchObject({ ok: false, refusal: { code: 'not-live' } });
    expect(working(requestId)).toEqual([false]);
    await settles();
  });

  it('case 65: credentials work until the last millisecond of the window and not at its end', async () => {
    const { requestId, actor } = ask(world, { personId: 'alice', entitlementId: 'orders-read', durationSec: 60 });
    await toEnd(world, actor);
    await flow(world);
    const minting = mint(world, { requestId, personId: 'alice' });
    await toEnd(world, minting);
    const { credentials } = (minting.value as { value: Minted }).value;
    expect(credentials.expiresAt).toBe('2026-11-22T10:01:00.000Z');
    world.clock.turn(59_999);
    expect(working(requestId)).toEqual([true]);
    expect(await mints(requestId, 'alice')).toBe(true);
    world.clock.turn(1);
    expect(working(requestId)).toEqual([false, false]);
    expect(await mints(requestId, 'alice')).toBe(false);
    await settles();
  });

  it('case 53: a session that STS issued half a minute after the end, since nobody killed the mint, is denied', async () => {
    const { requestId } = await grant(world, 'alice', 'orders-admin');
    const slow = mint(world, { requestId, personId: 'alice' });
    slow.deadlineMs = Number.POSITIVE_INFINITY;
    await upTo(world, slow, 'tokenService.assumeRole');
    await ends(requestId, 'alice');
    await flow(world);
    world.clock.turn(31_000);
    await toEnd(world, slow);
    expect(slow.value).toMatchObject({ ok: false });
    expect(working(requestId)).toEqual([false]);
  });
});

describe('the database and the bus', () => {
  it('case 40: a process that dies between the save and everything after it loses nothing', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    await toEnd(world, end(world, { requestId, personId: 'alice', reason: 'done' }, { 2: 'crash-after' }));
    await flow(world);
    expect(request(requestId).status).toBe('ending');
    world.clock.turn(61_000);
    await cleanSweep(world);
    await flow(world);
    expect(request(requestId).status).toBe('ended');
    expect(working(requestId)).toEqual([false]);
    await settles();
  });

  it('case 41: a save whose answer got lost and that the SDK repeated is one vote', async () => {
    const { requestId, actor } = ask(world, { personId: 'alice', entitlementId: 'payments-admin', durationSec: 60 });
    await toEnd(world, actor);
    await toEnd(world, vote(world, { requestId, personId: 'bob', verdict: 'approve' }, { 2: 'conflict' }));
    expect(request(requestId)).toMatchObject({ status: 'pending', votes: [{ personId: 'bob' }] });
    await settles();
  });

  it('case 43: an event that is brought twice starts one execution and opens one window', async () => {
    const { requestId, actor } = ask(world, { personId: 'alice', entitlementId: 'orders-read', durationSec: 3600 });
    await toEnd(world, actor);
    const [started] = world.bus.pending();
    if (!started) throw new Error('Nothing is on the bus.');
    await toEnd(world, deliver(world, started, {}, true));
    await flow(world);
    const before = request(requestId) as RequestIn<'active'>;
    world.clock.turn(5_000);
    await toEnd(world, deliver(world, started));
    await flow(world);
    expect(world.executions.all()).toHaveLength(1);
    expect(request(requestId)).toMatchObject({ status: 'active', grant: before.grant });
    await settles();
  });

  it('case 44: an execution that an operator stops in the middle of a grant ends the grant', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    world.executions.stop(requestId);
    await flow(world);
    expect(request(requestId)).toMatchObject({ status: 'ended', end: { reason: 'workflow-failed' } });
    expect(working(requestId)).toEqual([false]);
    await settles();
  });
});
