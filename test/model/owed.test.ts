import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from './actor.ts';
import { deleteDeny, end, mint, pressConsoleButton, revoke, sweep } from './acts.ts';
import { cleanSweep, flow, toEnd } from './flow.ts';
import { grant, grantAndMint } from './races.ts';
import { createGround, freshWorld, tightRole, type World } from './world.ts';

/**
 * What revocation should do and does not do yet, each with the shortest script that shows it. They are expected to fail. One that
 * passes is mended: make it an ordinary test, and where `invariants/granted.ts` grants it, take that back.
 */
const ordersAdmin = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';

const ground = await createGround();
let world: World;
beforeEach(() => {
  world = freshWorld(ground);
});

const working = (requestId: string): boolean[] =>
  world.observed.issued.filter(({ grantId }) => grantId === requestId).map(world.cloud.works);
const ends = (requestId: string, personId: string) => toEnd(world, end(world, { requestId, personId, reason: 'done' }));

/** The actor makes its port calls until it stands before this one. */
const upTo = async (actor: ReturnType<typeof sweep>, call: string): Promise<void> => {
  for (;;) {
    await settled();
    const next = world.lot.parked().find((each) => each.actor === actor);
    if (!next) throw new Error(`${actor.name} never calls ${call}.`);
    if (next.label.endsWith(call)) return;
    await world.lot.step(next);
  }
};

describe('after one sweep the state is right again', () => {
  it.fails('case 58: where an administrator deleted the deny', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    await ends(requestId, 'alice');
    await flow(world);
    expect(working(requestId)).toEqual([false]);
    await deleteDeny(world, ordersAdmin);
    expect(working(requestId)).toEqual([true]);
    world.clock.turn(61_000);
    await cleanSweep(world);
    expect(working(requestId)).toEqual([false]);
  });

  it.fails('case 57: where a writer hung past its lease, put an older document over a newer one, and died', async () => {
    const alice = await grantAndMint(world, 'alice', 'orders-admin');
    const bob = await grantAndMint(world, 'bob', 'orders-admin');
    await ends(alice.requestId, 'alice');
    world.clock.turn(61_000);
    const hangs = sweep(world);
    await upTo(hangs, 'targetRoles.writeDeny');
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

  it.fails('case 58: where the console’s button was pressed between our read and our write', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    const other = await grantAndMint(world, 'bob', 'orders-admin');
    await ends(requestId, 'alice');
    const writer = revoke(world, requestId);
    await upTo(writer, 'targetRoles.writeDeny');
    await pressConsoleButton(world, ordersAdmin);
    expect(working(other.requestId)).toEqual([false]);
    await toEnd(world, writer);
    world.clock.turn(61_000);
    await cleanSweep(world);
    expect(working(other.requestId)).toEqual([false]);
  });
});

it.fails('case 50: a revocation by a clock that is four minutes slow denies a session that STS issued just before', async () => {
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

it.fails('case 53: a session that STS issued half a minute after the end, since nobody killed the mint, is denied', async () => {
  const { requestId } = await grant(world, 'alice', 'orders-admin');
  const slow = mint(world, { requestId, personId: 'alice' });
  slow.deadlineMs = Number.POSITIVE_INFINITY;
  await upTo(slow, 'tokenService.assumeRole');
  await ends(requestId, 'alice');
  await flow(world);
  world.clock.turn(31_000);
  await toEnd(world, slow);
  expect(slow.value).toMatchObject({ ok: false });
  expect(working(requestId)).toEqual([false]);
});

it.fails('case 56: a live grant’s next mint works, also in the half minute after a watermark', async () => {
  const people = ['alice', 'bob', 'carol'];
  const ending = [];
  for (const personId of people) ending.push(await grantAndMint(world, personId, 'orders-read'));
  const live = await grantAndMint(world, 'alice', 'orders-read');
  for (const { requestId, personId } of ending) await ends(requestId, personId);
  await flow(world);
  expect(world.cloud.denyOf(tightRole)).toContain('DaypassEverySession');
  world.clock.turn(1_000);
  await toEnd(world, mint(world, live));
  expect(working(live.requestId)).toEqual([false, true]);
});

it.fails('a grant ends within seconds also where the answer to the first click was lost and it was clicked again', async () => {
  const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
  await toEnd(world, end(world, { requestId, personId: 'alice', reason: 'done' }, { 2: 'unheard' }));
  await ends(requestId, 'alice');
  await flow(world);
  expect(working(requestId)).toEqual([false]);
});
