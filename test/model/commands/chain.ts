import fc from 'fast-check';
import { ask, end, mint, vote } from '../acts.ts';
import { bring, forgetReach, goOn, holders, nextRole } from '../chain-acts.ts';
import type { Issued } from '../cloud.ts';
import { catchUp, flow, toEnd } from '../flow.ts';
import { chainRoles } from '../policy.ts';
import { advance, index, pace, person, pick, plan, verb } from './verb.ts';

const name = fc.constantFrom('onward', 'onward', 'again');

/** Mostly to where the policy lets them; otherwise to any of the roles, which AWS has to refuse. */
export const goesOnward = verb({
  name: 'go onward',
  often: 3,
  args: fc.record({
    which: index,
    name,
    astray: fc.option(fc.constantFrom(...Object.values(chainRoles)), { freq: 8 }),
  }),
  run: async (world, { which, name: sessionName, astray }) => {
    const from = pick(
      holders(world).filter(({ roleArn }) => astray !== null || nextRole(roleArn) !== undefined),
      which,
    );
    const roleArn = from && (astray ?? nextRole(from.roleArn));
    if (from && roleArn !== undefined) await goOn(world, from, roleArn, sessionName);
  },
});

/**
 * Straight to a live grant whose session went on once or twice, and CloudTrail has not told of it yet. Perhaps the
 * policy names the steps (`named`) only since then.
 */
export const obtainsChain = verb({
  name: 'obtain and go onward',
  often: 3,
  args: fc.record({ personId: person, steps: fc.integer({ min: 1, max: 2 }), named: fc.boolean() }),
  run: async (world, { personId, steps, named }) => {
    const { requestId, actor } = ask(world, { personId, entitlementId: 'orders-admin', durationSec: 3600 });
    await toEnd(world, actor);
    const approver = personId === 'bob' ? 'carol' : 'bob';
    await toEnd(world, vote(world, { requestId, personId: approver, verdict: 'approve' }));
    await flow(world);
    await toEnd(world, mint(world, { requestId, personId }));
    let from: Issued | undefined = world.observed.issued.findLast(({ grantId }) => grantId === requestId);
    for (let step = 0; step < steps; step++) {
      const roleArn = from && nextRole(from.roleArn);
      if (from && roleArn !== undefined) from = await goOn(world, from, roleArn);
    }
    if (!named) forgetReach(world, requestId);
  },
});

/** A grant ends while its own role cannot be reached, so that its sessions go on to roles that deny it already. */
export const slipsOnward = verb({
  name: 'end out of reach and go onward',
  often: 1,
  args: fc.record({ which: index, told: fc.boolean() }),
  run: async (world, { which, told }) => {
    if (told) await catchUp(world);
    const from = pick(
      holders(world).filter((holder) => holder.roleArn === chainRoles.first && world.cloud.works(holder)),
      which,
    );
    if (!from) return;
    world.outOfOrder.add(chainRoles.first);
    const personId = world.memory.requests.get(from.grantId)?.personId ?? '';
    await toEnd(world, end(world, { requestId: from.grantId, personId, reason: 'done' }));
    await flow(world);
    world.clock.turn(35_000);
    if (world.cloud.works(from)) await goOn(world, from, chainRoles.second);
    world.outOfOrder.clear();
  },
});

/** One record of those that CloudTrail has not told yet, whichever, and perhaps it is brought again later. */
export const brings = verb({
  name: 'bring a record',
  often: 4,
  args: fc.record({ which: index, again: fc.boolean(), plan, pace }),
  run: async (world, { which, again, ...how }) => {
    const record = pick(world.trail.pending(), which);
    if (record) await advance(world, bring(world, record, how.plan, again), how.pace);
  },
});

export const catchesUp = verb({
  name: 'CloudTrail catches up',
  often: 2,
  args: fc.constant({}),
  run: (world) => catchUp(world),
});

/** CloudTrail never tells of one session, in no account. */
export const loses = verb({
  name: 'lose a record',
  often: 1,
  args: fc.record({ which: index }),
  run: async (world, { which }) => {
    const record = pick(world.trail.pending(), which);
    if (record) world.trail.lose(record.accessKeyId);
  },
});
