import fc from 'fast-check';
import type { AccessRequest } from '#core/request/request.ts';
import { answer, extend } from '../acts.ts';
import { toEnd } from '../flow.ts';
import type { World } from '../world.ts';
import { advance, index, pace, pick, plan, verb } from './verb.ts';

const requests = (world: World): AccessRequest[] => [...world.memory.requests.values()];
const bySec = fc.constantFrom(1, 60, 1800, 3600, 4 * 3600);
const approver = fc.constantFrom('alice', 'bob', 'carol', 'bob', 'carol', 'dave');
const verdict = fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'deny' as const);

/** More time, for whatever became of a grant. */
export const asksMore = verb({
  name: 'ask for more time',
  often: 3,
  args: fc.record({ which: index, bySec, plan, pace }),
  run: async (world, { which, bySec: more, ...how }) => {
    const granted = requests(world).filter((request) => 'grant' in request);
    const request = pick(granted, which);
    if (!request) return;
    const order = { requestId: request.id, personId: request.personId, bySec: more };
    await advance(world, extend(world, order, how.plan).actor, how.pace);
  },
});

/** Whichever extension there ever was, answered or not. */
export const answers = verb({
  name: 'answer an extension',
  often: 3,
  args: fc.record({ which: index, personId: approver, verdict, plan, pace }),
  run: async (world, { which, personId, verdict: yesOrNo, ...how }) => {
    const asked = requests(world).flatMap(({ id: requestId, extensions = [] }) =>
      extensions.map(({ id: extensionId }) => ({ requestId, extensionId })),
    );
    // The newest first: that is the one that may still wait.
    const found = pick(asked.toReversed(), which);
    if (found) await advance(world, answer(world, { ...found, personId, verdict: yesOrNo }, how.plan), how.pace);
  },
});

/** Asked for in time, and answered a moment before the end, at it, or a moment after it. */
export const extendsLate = verb({
  name: 'extend at the end',
  often: 2,
  args: fc.record({ which: index, byMs: fc.constantFrom(-1, 0, 1, -1000), plan, pace }),
  run: async (world, { which, byMs, ...how }) => {
    const live = requests(world).filter((request) => request.status === 'active');
    const request = pick(live, which);
    if (request?.status !== 'active') return;
    const { id: requestId, personId, grant } = request;
    const { extensionId, actor } = extend(world, { requestId, personId, bySec: 1800 });
    await toEnd(world, actor);
    const restMs = Date.parse(grant.endsAt) + byMs - world.clock.nowMs();
    if (restMs > 0) world.clock.turn(restMs);
    const personWho = personId === 'bob' ? 'carol' : 'bob';
    const ballot = { requestId, extensionId, personId: personWho, verdict: 'approve' } as const;
    await advance(world, answer(world, ballot, how.plan), how.pace);
  },
});
