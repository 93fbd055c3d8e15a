import fc from 'fast-check';
import type { LockdownScope } from '#core/lockdown/lockdown.ts';
import { ask, lift, lockDown, mint, vote } from '../acts.ts';
import { flow, toEnd } from '../flow.ts';
import { verb } from './verb.ts';

const often = fc.boolean();

/**
 * Somebody who voted is locked down while what they voted on waits for another vote, for its window, or is live; the
 * workflow may come before what comes next, or after it; the lockdown may be lifted before the next mint.
 */
export const locksVoterDown = verb({
  name: 'lock a voter down',
  often: 3,
  args: fc.record({
    voter: fc.constantFrom('bob', 'carol'),
    when: fc.constantFrom('waiting', 'approved', 'live'),
    flows: often,
    lifts: often,
    votesAgain: often,
  }),
  run: async (world, { voter, when, flows, lifts, votesAgain }) => {
    const other = voter === 'bob' ? 'carol' : 'bob';
    const votes = (requestId: string, personId: string): Promise<void> =>
      toEnd(world, vote(world, { requestId, personId, verdict: 'approve' }));
    // Two leads are needed for payments, one for orders.
    const entitlementId = when === 'waiting' ? 'payments-admin' : 'orders-admin';
    const { requestId, actor } = ask(world, { personId: 'alice', entitlementId, durationSec: 3600 });
    await toEnd(world, actor);
    await votes(requestId, voter);
    if (when === 'live') await flow(world);
    const scope: LockdownScope = { kind: 'person', personId: voter };
    const locked = lockDown(world, { scope, personId: other });
    await toEnd(world, locked.actor);
    if (flows) await flow(world);
    if (when === 'waiting') await votes(requestId, other);
    if (lifts) await toEnd(world, lift(world, { lockdownId: locked.lockdownId, personId: other }));
    await toEnd(world, mint(world, { requestId, personId: 'alice' }));
    if (!flows) await flow(world);
    if (votesAgain) await votes(requestId, when === 'waiting' ? voter : other);
    await flow(world);
    await toEnd(world, mint(world, { requestId, personId: 'alice' }));
  },
});
