import { type Actor, settled } from './actor.ts';
import { deliver, sweep, task } from './acts.ts';
import { bring } from './chain-acts.ts';
import { deniedWhileLive } from './invariants/access.ts';
import { chainsAreOver } from './invariants/chain.ts';
import { lockdownsHold } from './invariants/lockdown.ts';
import { i9, nothingLost } from './invariants/secrets-and-events.ts';
import type { World } from './world.ts';

/** Lets one actor go to its end, and what hangs on its end happen. */
export const toEnd = async ({ lot, executions }: World, actor: Actor): Promise<void> => {
  await lot.toEnd(actor);
  // The interpreter is quick: the clock does not turn between what it has computed and what it writes.
  await executions.quiet();
};

/** The actor makes its port calls until it stands before this one. */
export const upTo = async ({ lot }: World, actor: Actor, call: string): Promise<void> => {
  for (;;) {
    await settled();
    const next = lot.parked().find((each) => each.actor === actor);
    if (!next) throw new Error(`${actor.name} never calls ${call}.`);
    if (next.label.endsWith(call)) return;
    await lot.step(next);
  }
};

/** Nothing in the model needs more rounds; one that does goes in a circle. */
const mostRounds = 400;

/** Brings every event and gives every execution its Lambda, one after the other, until there is nothing left to do. */
export const flow = async (world: World): Promise<void> => {
  for (let round = 0; round < mostRounds; round++) {
    await world.executions.quiet();
    const [delivery] = world.bus.pending();
    const [next] = world.executions.due();
    if (!delivery && !next) return;
    if (next && (!delivery || round % 2 === 0)) await toEnd(world, task(world, next));
    else if (delivery) {
      const actor = deliver(world, delivery);
      await toEnd(world, actor);
      // What cannot be delivered now is tried again later; others come first.
      if (actor.outcome !== 'done' && world.outOfOrder.size > 0) return;
    }
  }
  throw new Error(`The flow has no end: ${JSON.stringify(world.executions.due())}`);
};

/** Every record of CloudTrail comes, the newest first, and what follows from it happens. */
export const catchUp = async (world: World): Promise<void> => {
  for (const record of world.trail.pending().toReversed()) await toEnd(world, bring(world, record));
  await flow(world);
};

/**
 * A sweep from beginning to end without a fault, with no other writer in its way. Only after such a one do bounds end.
 */
export const cleanSweep = async (world: World): Promise<void> => {
  const { clock, observed, memory, executions, outOfOrder, bus } = world;
  const startedAtMs = clock.nowMs();
  const held = [...memory.leases.values()].some(({ heldUntilMs = 0 }) => heldUntilMs > startedAtMs);
  const due = [...memory.lockdowns.values()]
    .filter(({ id, begunAt }) => startedAtMs - Date.parse(begunAt) > 60_000 && executions.find(id)?.status === 'ended')
    .map(({ id }) => id);
  const told = [...observed.overwritten].filter(
    (roleArn) => !bus.pending().some((each) => 'roleArn' in each && each.roleArn === roleArn),
  );
  const endless = [...memory.requests.values()].filter(
    ({ id, status }) => status === 'active' && executions.find(id)?.status !== 'running',
  );
  const denied = deniedWhileLive(world);
  const startedAtStep = observed.step;
  await toEnd(world, sweep(world));
  if (held || outOfOrder.size > 0) return;
  observed.sweptAtMs = startedAtMs;
  observed.sweptAtStep = startedAtStep;
  for (const { credentials } of denied) observed.deniedBeforeSweep.add(credentials.accessKeyId);
  for (const { id } of endless) observed.endlessBeforeSweep.add(id);
  observed.excused.clear();
  observed.loose.clear();
  for (const roleArn of told) observed.overwritten.delete(roleArn);
  for (const id of due) observed.lockdownsSwept.add(id);
  world.look();
};

/**
 * Lets everybody who waits finish or die, mends what is out of order, and gives sweeper and workflows the time they
 * need.
 */
export const settle = async (world: World): Promise<void> => {
  const { clock, lot, outOfOrder } = world;
  outOfOrder.clear();
  for (let [next] = lot.parked(); next; [next] = lot.parked()) {
    if (clock.nowMs() >= next.actor.deadlineMs) lot.kill(next.actor);
    else await toEnd(world, next.actor);
  }
  for (let round = 0; round < 3; round++) {
    await flow(world);
    await catchUp(world);
    clock.turn(61_000);
    await cleanSweep(world);
  }
  await flow(world);
  world.look();
};

/** No grant of the sample policy lasts longer. */
const longestMs = 4 * 3_600_000;

/** With those the console session is nearly over that may have come of a session which was taken by hand. */
const halfDayMs = 8 * 3_600_000;

/**
 * When everything is settled: whatever a bound was granted for is over, and time ends what nobody ended. Returns what
 * is not so.
 */
export const finish = async (world: World): Promise<string | undefined> => {
  await settle(world);
  const endless = (): string | undefined => {
    const found = [...world.memory.requests.values()].find(({ status }) => status === 'ending');
    return found && `${found.id} is still ending: ${JSON.stringify(found)}`;
  };
  const first = endless() ?? chainsAreOver(world);
  if (first) return first;
  world.clock.turn(longestMs);
  await settle(world);
  const locked = lockdownsHold(world, () => true);
  if (locked) return locked;
  if (world.observed.strangers.length > 0) {
    world.clock.turn(halfDayMs);
    await settle(world);
  }
  const all = [...world.observed.issued, ...world.observed.chained];
  const live = all.find((issued) => world.cloud.works(issued));
  if (live) return `credentials of ${live.grantId} outlive everything`;
  const active = [...world.memory.requests.values()].find(({ status }) => status === 'active' || status === 'approved');
  if (active) return `${active.id} is ${active.status} for ever`;
  if (world.memory.outbox.size > 0) return 'events stay in the outbox';
  const nineth = i9(world);
  return nineth ? `I9: ${nineth}` : (endless() ?? nothingLost(world));
};
