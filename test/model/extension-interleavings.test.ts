import { expect } from 'vitest';
import { answer, end, extend, mint, revoke } from './acts.ts';
import { toEnd } from './flow.ts';
import { inEveryOrder, interruptions, type NamedScript } from './in-every-order.ts';
import { grant } from './races.ts';
import type { World } from './world.ts';

const first = '01JD8QM0000000000000000001';
const status = (world: World): string | undefined => world.memory.requests.get(first)?.status;

/** Alice’s grant, for which she has asked for more time: its extension is the second thing that was made. */
const extension = '01JD8QM0000000000000000002';
const waits = async (world: World): Promise<void> => {
  await grant(world, 'alice', 'orders-admin');
  const { extensionId, actor } = extend(world, { requestId: first, personId: 'alice', bySec: 3600 });
  await toEnd(world, actor);
  expect(extensionId).toBe(extension);
};
const yes = (world: World) =>
  answer(world, { requestId: first, extensionId: extension, personId: 'bob', verdict: 'approve' });

const scripts: readonly NamedScript[] = [
  [
    'case 52: the vote on an extension ‖ end',
    {
      given: (world) => waits(world),
      both: (world) => [yes(world), end(world, { requestId: first, personId: 'alice', reason: 'done' })],
      leaves: (world) => expect(status(world)).toBe('ending'),
    },
  ],
  [
    'case 52: the vote on an extension ‖ the workflow’s revocation',
    {
      ...interruptions(2),
      given: async (world) => {
        await waits(world);
        await toEnd(world, mint(world, { requestId: first, personId: 'alice' }));
        await toEnd(world, end(world, { requestId: first, personId: 'alice', reason: 'done' }));
      },
      both: (world) => [yes(world), revoke(world, first)],
      leaves: (world) => {
        expect(status(world)).toBe('ended');
        expect(world.memory.requests.get(first)?.extensions?.map((extension) => extension.status)).toEqual(['waiting']);
      },
    },
  ],
  [
    'case 52: the vote on an extension ‖ a mint',
    {
      ...interruptions(2),
      given: (world) => waits(world),
      both: (world) => [yes(world), mint(world, { requestId: first, personId: 'alice' })],
      leaves: (world) => expect(status(world)).toBe('active'),
    },
  ],
  [
    'case 66: the vote on an extension ‖ the same vote',
    {
      given: (world) => waits(world),
      both: (world) => [yes(world), yes(world)],
      leaves: (world) => expect(status(world)).toBe('active'),
    },
  ],
];

inEveryOrder(scripts, []);
