import fc from 'fast-check';
import { roleArnOf } from '#core/aws-role.ts';
import { countKey } from '#test/kit/stores/requests.ts';
import { ask, end, extend, mint } from '../acts.ts';
import { flow, toEnd } from '../flow.ts';
import { countAt, type Limited, limited, tallyKey } from '../invariants/limits.ts';
import { grantAndMint } from '../races.ts';
import type { World } from '../world.ts';
import { person, plan, verb } from './verb.ts';

/** As if this person had done it so often within the hour that there are `left` more. */
const wasBusy = (world: World, limit: Limited, who: string, left: number): void => {
  const { memory, observed, clock } = world;
  const count = countAt(world, limit, who);
  const [key, tally] = [countKey(count), tallyKey(limit, who, clock.nowMs())];
  const had = Math.max(count.most - left, memory.counts.get(key) ?? 0, observed.tally.get(tally) ?? 0);
  memory.counts.set(key, had);
  observed.tally.set(tally, had);
};

/** Somebody with a live grant is at one of the limits or one short of it, tries twice to have more, and ends. */
export const reachesLimit = verb({
  name: 'reach a limit',
  often: 2,
  args: fc.record({
    personId: person,
    limit: fc.constantFrom(...limited),
    left: fc.nat(1),
    isEnded: fc.boolean(),
    plan,
  }),
  run: async (world, { personId, limit, left, isEnded, plan: faults }) => {
    const { requestId } = await grantAndMint(world, personId, 'orders-read');
    const request = world.memory.requests.get(requestId);
    if (!request) return;
    wasBusy(world, limit, limit === 'sessions' ? `${personId}#${roleArnOf(request)}` : personId, left);
    const tries = {
      asks: () => ask(world, { personId, entitlementId: 'orders-read', durationSec: 60 }, faults).actor,
      // Longer than the access policy lets anybody have it.
      refusedAsks: () => ask(world, { personId, entitlementId: 'orders-read', durationSec: 7200 }, faults).actor,
      extensions: () => extend(world, { requestId, personId, bySec: 1 }, faults).actor,
      sessions: () => mint(world, { requestId, personId }, faults),
    } as const;
    const both = [tries[limit](), tries[limit]()];
    for (const actor of both) await toEnd(world, actor);
    if (isEnded) await toEnd(world, end(world, { requestId, personId, reason: 'done' }));
    await flow(world);
  },
});
