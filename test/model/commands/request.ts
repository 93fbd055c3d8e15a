import fc from 'fast-check';
import { ask, cancel, mint, vote } from '../acts.ts';
import { flow, toEnd } from '../flow.ts';
import { advance, index, pace, person, pick, plan, verb } from './verb.ts';

const entitlementId = fc.constantFrom('orders-admin', 'orders-admin', 'orders-read', 'payments-admin');
const durationSec = fc.constantFrom(60, 1800, 3600, 3600);

export const asks = verb({
  name: 'ask',
  often: 2,
  args: fc.record({ personId: person, entitlementId, durationSec, plan, pace }),
  run: (world, args) => advance(world, ask(world, args, args.plan).actor, args.pace),
});

/**
 * Straight to an active grant with up to two sessions, unless something stands in the way: most of what can go wrong
 * comes after it.
 */
export const obtains = verb({
  name: 'obtain',
  often: 4,
  args: fc.record({
    personId: person,
    entitlementId: fc.constantFrom('orders-admin', 'orders-read'),
    durationSec,
    minted: fc.nat(2),
  }),
  run: async (world, args) => {
    const { requestId, actor } = ask(world, args);
    await toEnd(world, actor);
    const approver = args.personId === 'bob' ? 'carol' : 'bob';
    await toEnd(world, vote(world, { requestId, personId: approver, verdict: 'approve' }));
    await flow(world);
    for (let count = 0; count < args.minted; count++) {
      await toEnd(world, mint(world, { requestId, personId: args.personId }));
    }
  },
});

export const votes = verb({
  name: 'vote',
  often: 2,
  args: fc.record({
    which: index,
    personId: fc.constantFrom('alice', 'bob', 'carol', 'dave'),
    verdict: fc.constantFrom('approve' as const, 'approve' as const, 'deny' as const),
    plan,
    pace,
  }),
  run: async (world, { which, personId, verdict, ...how }) => {
    const requestId = pick(world.asked, which);
    if (requestId) await advance(world, vote(world, { requestId, personId, verdict }, how.plan), how.pace);
  },
});

export const cancels = verb({
  name: 'cancel',
  often: 1,
  args: fc.record({ which: index, plan, pace }),
  run: async (world, { which, ...how }) => {
    const requestId = pick(world.asked, which);
    const personId = requestId && world.memory.requests.get(requestId)?.personId;
    if (personId) await advance(world, cancel(world, { requestId, personId }, how.plan), how.pace);
  },
});
