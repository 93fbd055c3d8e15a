import { expect } from 'vitest';
import type { Actor } from './actor.ts';
import { answer, ask, cancel, deliver, extend, task, vote } from './acts.ts';
import { catchesNothing, forgetsThatItWasDue, losesTheLateVote } from './bugs/machines.ts';
import { flow, toEnd, upTo } from './flow.ts';
import { inEveryOrder, type NamedScript } from './in-every-order.ts';
import { grant } from './races.ts';
import type { World } from './world.ts';

const requestId = '01JD8QM0000000000000000001';
const stored = (world: World) => world.memory.requests.get(requestId);

const asked = async (world: World): Promise<void> => {
  await toEnd(world, ask(world, { personId: 'alice', entitlementId: 'orders-admin', durationSec: 3600 }).actor);
  await flow(world);
};

/** What the execution of the request wants next. */
const wants = async (world: World, state: string): Promise<Actor> => {
  await world.executions.quiet();
  const [due] = world.executions.due();
  expect(due?.state).toBe(state);
  if (!due) throw new Error(`Nothing is due at ${state}.`);
  return task(world, due);
};

/** A second before `at` a vote is judged, and it is about to be saved when the time is up. */
const inTheLastMoment = async (world: World, at: string | undefined, ballot: () => Actor): Promise<Actor> => {
  world.clock.turn(Date.parse(at ?? '') - 1000 - world.clock.nowMs());
  const actor = ballot();
  await upTo(world, actor, 'requests.save');
  world.clock.turn(1000);
  return actor;
};

const scripts: readonly NamedScript[] = [
  [
    'the workflow lapses a request ‖ the vote in the last moment',
    {
      given: asked,
      both: async (world) => {
        const ballot = await inTheLastMoment(world, stored(world)?.lapsesAt, () =>
          vote(world, { requestId, personId: 'bob', verdict: 'approve' }),
        );
        const lapses = await wants(world, 'LapseRequest');
        return [ballot, lapses, { edit: 'a second passes', run: async () => world.clock.turn(1000) }];
      },
      leaves: (world) => expect(['approved', 'lapsed']).toContain(stored(world)?.status),
    },
  ],
  [
    'case 31: the workflow activates ‖ cancel',
    {
      given: async (world) => {
        await asked(world);
        await toEnd(world, vote(world, { requestId, personId: 'bob', verdict: 'approve' }));
        const opens = world.bus.pending().find(({ to }) => to === 'open-gate');
        if (opens) await toEnd(world, deliver(world, opens));
      },
      both: async (world) => [await wants(world, 'ActivateGrant'), cancel(world, { requestId, personId: 'alice' })],
      leaves: (world) => expect(['active', 'cancelled']).toContain(stored(world)?.status),
    },
  ],
  [
    'case 52: the workflow ends what is due ‖ the vote on an extension in the last moment',
    {
      given: async (world) => void (await grant(world, 'alice', 'orders-admin')),
      both: async (world) => {
        const request = stored(world);
        const { extensionId, actor } = extend(world, { requestId, personId: 'alice', bySec: 3600 });
        await toEnd(world, actor);
        const endsAt = request && 'grant' in request ? request.grant.endsAt : undefined;
        const ballot = await inTheLastMoment(world, endsAt, () =>
          answer(world, { requestId, extensionId, personId: 'bob', verdict: 'approve' }),
        );
        return [ballot, await wants(world, 'RevokeSessions')];
      },
      leaves: (world) => expect(['active', 'ended']).toContain(stored(world)?.status),
    },
  ],
];

inEveryOrder(scripts, [
  [losesTheLateVote, 'the workflow lapses a request ‖ the vote in the last moment'],
  [catchesNothing, 'case 31: the workflow activates ‖ cancel'],
  [forgetsThatItWasDue, 'case 52: the workflow ends what is due ‖ the vote on an extension in the last moment'],
]);
