import fc from 'fast-check';
import { covers, type LockdownScope } from '#core/lockdown/lockdown.ts';
import { deliver, lift, lockDown, mint, task } from '../acts.ts';
import { cleanSweep, flow, toEnd } from '../flow.ts';
import { advance, index, pace, person, pick, plan, verb } from './verb.ts';

const role = (entitlementId: string): LockdownScope => ({
  kind: 'role',
  accountId: '222222222222',
  roleName: `daypass-jit-${entitlementId}`,
});

const scope: fc.Arbitrary<LockdownScope> = fc.oneof(
  { weight: 3, arbitrary: person.map((personId): LockdownScope => ({ kind: 'person', personId })) },
  { weight: 3, arbitrary: fc.constantFrom('orders-admin', 'orders-read', 'payments-admin').map(role) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('222222222222', '333333333333')
      .map((accountId): LockdownScope => ({ kind: 'account', accountId })),
  },
);

/** Dave may not. */
const mayLockDown = fc.constantFrom('bob', 'carol', 'bob', 'carol', 'dave');

/** Perhaps somebody under it mints before its workflow has begun. */
export const locksDown = verb({
  name: 'lock down',
  often: 3,
  args: fc.record({ scope, personId: mayLockDown, mints: fc.boolean(), plan, pace }),
  run: async (world, { scope: of, personId, mints, ...how }) => {
    await advance(world, lockDown(world, { scope: of, personId }, how.plan).actor, how.pace);
    const live = [...world.memory.requests.values()].find((each) => each.status === 'active' && covers(of, each));
    if (mints && live) await toEnd(world, mint(world, { requestId: live.id, personId: live.personId }));
  },
});

/** Its workflow is left all its time, and a sweep comes. */
export const locksDownAndSettles = verb({
  name: 'lock down and settle',
  often: 2,
  args: fc.record({ scope, personId: fc.constantFrom('bob', 'carol') }),
  run: async (world, { scope: of, personId }) => {
    await advance(world, lockDown(world, { scope: of, personId }).actor, 'to its end');
    await flow(world);
    world.clock.turn(61_000);
    await cleanSweep(world);
  },
});

/**
 * The slice of a person with a live grant dies after its denies and before its ends, and the lockdown is lifted before
 * another comes to it.
 */
export const liftsEarly = verb({
  name: 'lift in the middle',
  often: 1,
  args: fc.record({ which: index }),
  run: async (world, { which }) => {
    const live = pick(
      [...world.memory.requests.values()].filter(({ status }) => status === 'active'),
      which,
    );
    if (!live) return;
    const personId = live.personId === 'bob' ? 'carol' : 'bob';
    const of: LockdownScope = { kind: 'person', personId: live.personId };
    const { lockdownId, actor } = lockDown(world, { scope: of, personId });
    await toEnd(world, actor);
    const begun = world.bus.pending().find((each) => 'lockdownId' in each && each.lockdownId === lockdownId);
    if (begun) await toEnd(world, deliver(world, begun));
    for (const plan of [{}, { 'ledgers.record': 'crash-after' }] as const) {
      await world.executions.quiet();
      const next = world.executions.due().find(({ executionName }) => executionName === lockdownId);
      if (next) await toEnd(world, task(world, next, plan));
    }
    await toEnd(world, lift(world, { lockdownId, personId }));
  },
});

export const lifts = verb({
  name: 'lift',
  often: 3,
  args: fc.record({ which: index, personId: mayLockDown, plan, pace }),
  run: async (world, { which, personId, ...how }) => {
    const lockdownId = pick([...world.memory.lockdowns.keys()], which);
    if (lockdownId) await advance(world, lift(world, { lockdownId, personId }, how.plan), how.pace);
  },
});
