import fc from 'fast-check';
import { activate, end, mint, revoke } from '../acts.ts';
import { advance, index, pace, pick, plan, verb } from './verb.ts';

/** The requester's own credentials. */
export const mints = verb({
  name: 'mint',
  often: 4,
  args: fc.record({ which: index, plan, pace }),
  run: async (world, { which, ...how }) => {
    const granted = world.asked.filter((id) => world.memory.requests.has(id));
    const requestId = pick(granted, which);
    const personId = requestId && world.memory.requests.get(requestId)?.personId;
    if (personId) await advance(world, mint(world, { requestId, personId }, how.plan), how.pace);
  },
});

export const ends = verb({
  name: 'end',
  often: 5,
  args: fc.record({
    which: index,
    personId: fc.constantFrom('alice', 'bob', 'carol', 'bob', 'carol', 'dave'),
    plan,
    pace,
  }),
  run: async (world, { which, personId, ...how }) => {
    const requestId = pick(world.asked, which);
    if (!requestId) return;
    const own = world.memory.requests.get(requestId)?.personId === personId;
    const reason = own ? ('done' as const) : ('revoked' as const);
    await advance(world, end(world, { requestId, personId, reason }, how.plan), how.pace);
  },
});

/** Step Functions asks a Lambda a second time, after a timeout of its own: the same task, beside the first one. */
export const repeats = verb({
  name: 'repeat',
  often: 3,
  args: fc.record({ which: index, what: fc.constantFrom('revoke' as const, 'activate' as const), plan, pace }),
  run: async (world, { which, what, ...how }) => {
    const requestId = pick(world.asked, which);
    const request = requestId && world.memory.requests.get(requestId);
    if (!request) return;
    // The machine does not get to RevokeSessions before the grant has begun to end.
    if (what === 'revoke' && request.status !== 'ending' && request.status !== 'ended') return;
    const again = what === 'revoke' ? revoke : activate;
    await advance(world, again(world, requestId, how.plan), how.pace);
  },
});
