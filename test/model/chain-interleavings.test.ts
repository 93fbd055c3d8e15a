import { expect } from 'vitest';
import type { Actor } from './actor.ts';
import { deliver, end, lockDown, revoke, revokesSlice } from './acts.ts';
import { readsTooEarly } from './bugs/chain.ts';
import { bring, forgetReach, goOn } from './chain-acts.ts';
import { toEnd } from './flow.ts';
import { inEveryOrder, interruptions, type NamedScript } from './in-every-order.ts';
import { chainRoles } from './policy.ts';
import { grantAndMint } from './races.ts';
import type { World } from './world.ts';

const first = '01JD8QM0000000000000000001';
const status = (world: World): string | undefined => world.memory.requests.get(first)?.status;

/** Alice's session of orders-admin went on to payments-admin, and CloudTrail has not told of it. */
const wentOnward = async (world: World): Promise<void> => {
  await grantAndMint(world, 'alice', 'orders-admin');
  const [issued] = world.observed.issued;
  if (!issued || !(await goOn(world, issued, chainRoles.second))) throw new Error('The session could not go on.');
  // What the mint wrote down is denied whatever comes.
  forgetReach(world, first);
};
const bringNext = (world: World): Actor => {
  const [record] = world.trail.pending();
  if (!record) throw new Error('CloudTrail has nothing to tell.');
  return bring(world, record);
};

const scripts: readonly NamedScript[] = [
  [
    'case 60: the record of a session that went on ‖ the revocation',
    {
      ...interruptions(1, 3),
      given: async (world) => {
        await wentOnward(world);
        await toEnd(world, end(world, { requestId: first, personId: 'alice', reason: 'done' }));
      },
      both: (world) => [bringNext(world), revoke(world, first)],
      leaves: (world) => expect(status(world)).toBe('ended'),
    },
  ],
  [
    'case 60: the record of a session that went on ‖ the slice of a lockdown',
    {
      ...interruptions(1, 3),
      given: async (world) => {
        await wentOnward(world);
        await toEnd(world, lockDown(world, { scope: { kind: 'person', personId: 'alice' }, personId: 'bob' }).actor);
      },
      both: (world) => [bringNext(world), revokesSlice(world, first)],
      leaves: (world) => expect(status(world)).toBe('ended'),
    },
  ],
  [
    'case 60: what follows a session that went on ‖ the revocation',
    {
      ...interruptions(1, 3),
      given: async (world) => {
        await wentOnward(world);
        await toEnd(world, bringNext(world));
        await toEnd(world, end(world, { requestId: first, personId: 'alice', reason: 'done' }));
      },
      both: (world) => {
        const followed = world.bus.pending().find((each) => 'chainOf' in each);
        if (!followed) throw new Error('Nothing follows the session.');
        return [deliver(world, followed), revoke(world, first)];
      },
      leaves: (world) => expect(status(world)).toBe('ended'),
    },
  ],
];

inEveryOrder(scripts, [[readsTooEarly, 'case 60: the record of a session that went on ‖ the slice of a lockdown']]);
