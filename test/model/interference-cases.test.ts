import { beforeEach, describe, expect, it } from 'vitest';
import { deleteDeny, deliver, end, mint, pressConsoleButton, revoke, sweep } from './acts.ts';
import { mustFinish } from './check.ts';
import { cleanSweep, flow, toEnd, upTo } from './flow.ts';
import { grant, grantAndMint } from './races.ts';
import { createGround, freshWorld, tightRole, type World } from './world.ts';

const ordersAdmin = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';

/** From which no session goes on: its end writes to this role alone. */
const ordersRead = 'arn:aws:iam::222222222222:role/daypass-jit-orders-read';

const ground = await createGround();
let world: World;
beforeEach(() => {
  world = freshWorld(ground);
});

const working = (requestId: string): boolean[] =>
  world.observed.issued.filter(({ grantId }) => grantId === requestId).map(world.cloud.works);
const ends = (requestId: string, personId: string) => toEnd(world, end(world, { requestId, personId, reason: 'done' }));

describe('what stands on the role is right again', () => {
  it('case 58: one sweep puts back a deny that an administrator deleted', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    await ends(requestId, 'alice');
    await flow(world);
    expect(working(requestId)).toEqual([false]);
    await deleteDeny(world, ordersAdmin);
    expect(working(requestId)).toEqual([true]);
    world.clock.turn(61_000);
    await cleanSweep(world);
    expect(working(requestId)).toEqual([false]);
    await mustFinish(world);
  });

  describe('case 58: the console’s button, pressed between our read and our write, which goes over it', () => {
    const pressedUnseen = async (): Promise<string> => {
      const { requestId } = await grantAndMint(world, 'alice', 'orders-read');
      const other = await grantAndMint(world, 'bob', 'orders-read');
      await ends(requestId, 'alice');
      const writer = revoke(world, requestId);
      await upTo(world, writer, 'targetRoles.writeDeny');
      await pressConsoleButton(world, ordersRead);
      expect(working(other.requestId)).toEqual([false]);
      await toEnd(world, writer);
      expect(working(other.requestId)).toEqual([true]);
      return other.requestId;
    };

    it('is in force again once its event was brought', async () => {
      const other = await pressedUnseen();
      await flow(world);
      expect(working(other)).toEqual([false]);
      await mustFinish(world);
    });

    it('is so too where the event came before our write, by the sweep', async () => {
      const { requestId } = await grantAndMint(world, 'alice', 'orders-read');
      const other = await grantAndMint(world, 'bob', 'orders-read');
      await ends(requestId, 'alice');
      const writer = revoke(world, requestId);
      await upTo(world, writer, 'targetRoles.writeDeny');
      await pressConsoleButton(world, ordersRead);
      const [brought] = world.bus.pending().filter((each) => 'roleArn' in each);
      if (!brought) throw new Error('Nobody tells of the button.');
      await toEnd(world, deliver(world, brought));
      await toEnd(world, writer);
      await flow(world);
      world.clock.turn(61_000);
      await cleanSweep(world);
      expect(working(other.requestId)).toEqual([false]);
      await mustFinish(world);
    });

    it('tells those whose sessions it ended, and they mint again half a minute later', async () => {
      const other = await pressedUnseen();
      await flow(world);
      const early = mint(world, { requestId: other, personId: 'bob' });
      await toEnd(world, early);
      expect(early.value).toMatchObject({ ok: false, refusal: { code: 'role-revoked' } });
      world.clock.turn(31_000);
      await toEnd(world, mint(world, { requestId: other, personId: 'bob' }));
      expect(working(other)).toEqual([false, true]);
      expect(world.memory.requests.get(other)).toMatchObject({
        interrupted: { issuedBefore: '2026-11-22T10:00:30.000Z' },
      });
      await mustFinish(world);
    });
  });

  it('case 57: one sweep puts right what a writer did that hung past its lease, put an older document over a newer one, and died', async () => {
    const alice = await grantAndMint(world, 'alice', 'orders-admin');
    const bob = await grantAndMint(world, 'bob', 'orders-admin');
    await ends(alice.requestId, 'alice');
    world.clock.turn(61_000);
    const hangs = sweep(world);
    await upTo(world, hangs, 'targetRoles.writeDeny');
    world.clock.turn(30_000);
    await toEnd(world, revoke(world, alice.requestId));
    await ends(bob.requestId, 'bob');
    await toEnd(world, revoke(world, bob.requestId));
    expect(working(bob.requestId)).toEqual([false]);
    const [write] = world.lot.parked();
    if (write) await world.lot.step(write);
    world.lot.kill(hangs);
    expect(working(bob.requestId)).toEqual([true]);
    world.clock.turn(61_000);
    await cleanSweep(world);
    expect(working(bob.requestId)).toEqual([false]);
  });

  it('case 50: a revocation by a clock that is four minutes slow denies a session that STS issued just before', async () => {
    const { requestId } = await grant(world, 'alice', 'orders-admin');
    const fast = 4 * 60_000;
    // STS's clock is right; ours is not, and the SDK makes up for it in its signatures.
    world.clock.turn(fast);
    await toEnd(world, mint(world, { requestId, personId: 'alice' }));
    world.clock.turn(-fast);
    await ends(requestId, 'alice');
    await flow(world);
    expect(world.memory.requests.get(requestId)?.status).toBe('ended');
    world.clock.turn(fast);
    expect(working(requestId)).toEqual([false]);
  });

  it('cases 50 and 56: nor does it let one live where it was collapsed; and who is live mints again at once, by AWS’s clock', async () => {
    const fast = 4 * 60_000;
    const ending = [];
    for (const personId of ['alice', 'bob', 'carol']) ending.push(await grant(world, personId, 'orders-read'));
    const live = await grant(world, 'alice', 'orders-read');
    world.clock.turn(fast);
    for (const runner of ending) await toEnd(world, mint(world, runner));
    world.clock.turn(-fast);
    for (const { requestId, personId } of ending) await ends(requestId, personId);
    await flow(world);
    expect(world.cloud.denyOf(tightRole)).toContain('DaypassEverySession');
    world.clock.turn(fast + 1_000);
    expect(ending.flatMap(({ requestId }) => working(requestId))).toEqual([false, false, false]);
    await toEnd(world, mint(world, live));
    expect(working(live.requestId)).toEqual([true]);
    await mustFinish(world);
  });

  it('cases 50 and 56: nor one of a mint whose process died before STS’s answer was on record, for which the role waits six minutes', async () => {
    const ending = [];
    for (const personId of ['alice', 'bob', 'carol']) ending.push(await grant(world, personId, 'orders-read'));
    const live = await grant(world, 'alice', 'orders-read');
    for (const runner of ending) await toEnd(world, mint(world, runner, { 'tokenService.assumeRole': 'crash-after' }));
    for (const { requestId, personId } of ending) await ends(requestId, personId);
    await flow(world);
    expect(ending.flatMap(({ requestId }) => working(requestId))).toEqual([false, false, false]);
    world.clock.turn(6 * 60_000);
    const early = mint(world, live);
    await toEnd(world, early);
    expect(early.value).toMatchObject({ ok: false, refusal: { code: 'role-revoked' } });
    world.clock.turn(1_000);
    await toEnd(world, mint(world, live));
    expect(working(live.requestId)).toEqual([true]);
    await mustFinish(world);
  });

  it('case 56: in the half minute after a watermark a live grant mints nothing that would be dead, and is told when it will', async () => {
    const ending = [];
    for (const personId of ['alice', 'bob', 'carol']) ending.push(await grantAndMint(world, personId, 'orders-read'));
    const live = await grantAndMint(world, 'alice', 'orders-read');
    for (const { requestId, personId } of ending) await ends(requestId, personId);
    await flow(world);
    expect(world.cloud.denyOf(tightRole)).toContain('DaypassEverySession');
    world.clock.turn(1_000);
    const early = mint(world, live);
    await toEnd(world, early);
    expect(early.value).toMatchObject({
      ok: false,
      refusal: { code: 'role-revoked', next: 'Try again in 30 s: your grant goes on.' },
    });
    expect(working(live.requestId)).toEqual([false]);
    world.clock.turn(30_000);
    await toEnd(world, mint(world, live));
    expect(working(live.requestId)).toEqual([false, true]);
    await mustFinish(world);
  });
});
