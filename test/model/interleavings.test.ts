import { describe, expect, it } from 'vitest';
import type { Actor } from './actor.ts';
import {
  activate,
  answer,
  ask,
  cancel,
  deleteDeny,
  deliver,
  end,
  extend,
  lockDown,
  mint,
  pressConsoleButton,
  revoke,
  sweep,
  task,
  vote,
} from './acts.ts';
import type { Bug } from './bugs/bug.ts';
import { readsTooEarly } from './bugs/chain.ts';
import { blindMint } from './bugs/lockdown.ts';
import { noIntent, noSecondRead } from './bugs/minting.ts';
import { noLease, noReadBack } from './bugs/writing.ts';
import { bring, goOn } from './chain-acts.ts';
import { flow, toEnd } from './flow.ts';
import { everyInterleaving, type Script } from './interleave.ts';
import { chainRoles } from './policy.ts';
import { grant, grantAndMint } from './races.ts';
import { createGround, type World } from './world.ts';

const ordersAdmin = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const [first, second] = ['01JD8QM0000000000000000001', '01JD8QM0000000000000000003'];

const status = (world: World, requestId: string): string | undefined => world.memory.requests.get(requestId)?.status;

const asked = async (world: World, personId: string, entitlementId = 'orders-admin'): Promise<string> => {
  const { requestId, actor } = ask(world, { personId, entitlementId, durationSec: 3600 });
  await toEnd(world, actor);
  return requestId;
};
const approved = async (world: World): Promise<string> => {
  const requestId = await asked(world, 'alice');
  await toEnd(world, vote(world, { requestId, personId: 'bob', verdict: 'approve' }));
  return requestId;
};
const ended = async (world: World, personId: string): Promise<string> => {
  const { requestId } = await grantAndMint(world, personId, 'orders-admin');
  await toEnd(world, end(world, { requestId, personId, reason: 'done' }));
  return requestId;
};

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
/** Alice's session of orders-admin went on to payments-admin, and CloudTrail has not told of it. */
const wentOnward = async (world: World): Promise<void> => {
  await grantAndMint(world, 'alice', 'orders-admin');
  const [issued] = world.observed.issued;
  if (!issued || !(await goOn(world, issued, chainRoles.second))) throw new Error('The session could not go on.');
};
const bringNext = (world: World): Actor => {
  const [record] = world.trail.pending();
  if (!record) throw new Error('CloudTrail has nothing to tell.');
  return bring(world, record);
};

const revokesSlice = (world: World): Actor => {
  const [lockdownId = ''] = world.memory.lockdowns.keys();
  return world.start('revoke-locked', 'RevokeLocked', {}, (ports) =>
    world.does.revokeLocked({ lockdownId, subjects: [first] }, ports),
  );
};

/** Bob locks Alice down. */
const alice = { scope: { kind: 'person', personId: 'alice' }, personId: 'bob' } as const;

/** `MODEL_RUNS` is the long form: more interruptions, or any number of them. */
const isLong = process.env.MODEL_RUNS !== undefined;
const interruptions = (usual: number, long?: number): Pick<Script, 'mostInterruptions'> => {
  const most = isLong ? long : usual;
  return most === undefined ? {} : { mostInterruptions: most };
};

const scripts: readonly (readonly [name: string, script: Script])[] = [
  [
    'case 53: mint ‖ end',
    {
      given: async (world) => void (await grant(world, 'alice', 'orders-admin')),
      both: (world) => [
        mint(world, { requestId: first, personId: 'alice' }),
        end(world, { requestId: first, personId: 'bob', reason: 'revoked' }),
      ],
    },
  ],
  [
    'case 53: mint ‖ revoke',
    {
      ...interruptions(2),
      given: async (world) => void (await grantAndMint(world, 'alice', 'orders-admin')),
      both: (world) => [mint(world, { requestId: first, personId: 'alice' }), revoke(world, first)],
      leaves: (world) => expect(status(world, first)).toBe('ended'),
    },
  ],
  [
    'case 39: the first mint ‖ revoke',
    {
      ...interruptions(2),
      given: async (world) => void (await grant(world, 'alice', 'orders-admin')),
      both: (world) => [mint(world, { requestId: first, personId: 'alice' }), revoke(world, first)],
      leaves: (world) => expect(status(world, first)).toBe('ended'),
    },
  ],
  [
    'cases 55 and 57: revoke ‖ revoke of two grants on one role',
    {
      ...interruptions(1, 3),
      given: async (world) => {
        for (const personId of ['alice', 'bob']) await grantAndMint(world, personId, 'orders-admin');
        await toEnd(world, end(world, { requestId: first, personId: 'alice', reason: 'done' }));
        await toEnd(world, end(world, { requestId: second, personId: 'bob', reason: 'done' }));
      },
      both: (world) => [revoke(world, first), revoke(world, second)],
    },
  ],
  [
    'case 63: revoke ‖ revoke of the same grant',
    {
      ...interruptions(1, 3),
      given: async (world) => void (await ended(world, 'alice')),
      both: (world) => [revoke(world, first), revoke(world, first)],
      leaves: (world) => expect(status(world, first)).toBe('ended'),
    },
  ],
  [
    'case 63: sweep ‖ revoke',
    {
      ...interruptions(1, 3),
      given: async (world) => {
        await ended(world, 'alice');
        world.clock.turn(61_000);
      },
      both: (world) => [sweep(world), revoke(world, first)],
      leaves: (world) => expect(status(world, first)).toBe('ended'),
    },
  ],
  [
    'case 63: sweep ‖ the workflow’s revocation at the end of the window',
    {
      ...interruptions(1, 2),
      given: async (world) => {
        await grantAndMint(world, 'alice', 'orders-admin');
        world.clock.turn(3_661_000);
      },
      both: (world) => {
        const [execution] = world.executions.due();
        if (!execution) throw new Error('The timer has not fired.');
        return [sweep(world), task(world, execution)];
      },
    },
  ],
  [
    'case 21: vote ‖ vote',
    {
      given: async (world) => void (await asked(world, 'alice', 'payments-admin')),
      both: (world) => [
        vote(world, { requestId: first, personId: 'bob', verdict: 'approve' }),
        vote(world, { requestId: first, personId: 'carol', verdict: 'approve' }),
      ],
      leaves: (world) => expect(status(world, first)).toBe('approved'),
    },
  ],
  [
    'case 22: approve ‖ deny',
    {
      given: async (world) => void (await asked(world, 'alice')),
      both: (world) => [
        vote(world, { requestId: first, personId: 'bob', verdict: 'approve' }),
        vote(world, { requestId: first, personId: 'carol', verdict: 'deny' }),
      ],
      leaves: (world) => expect(['approved', 'denied']).toContain(status(world, first)),
    },
  ],
  [
    'case 20: vote ‖ the same vote',
    {
      given: async (world) => void (await asked(world, 'alice', 'payments-admin')),
      both: (world) => [
        vote(world, { requestId: first, personId: 'bob', verdict: 'approve' }),
        vote(world, { requestId: first, personId: 'bob', verdict: 'approve' }),
      ],
      leaves: (world) => expect(world.memory.requests.get(first)?.votes).toHaveLength(1),
    },
  ],
  [
    'case 52: the vote on an extension ‖ end',
    {
      given: (world) => waits(world),
      both: (world) => [yes(world), end(world, { requestId: first, personId: 'alice', reason: 'done' })],
      leaves: (world) => expect(status(world, first)).toBe('ending'),
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
        expect(status(world, first)).toBe('ended');
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
      leaves: (world) => expect(status(world, first)).toBe('active'),
    },
  ],
  [
    'case 66: the vote on an extension ‖ the same vote',
    {
      given: (world) => waits(world),
      both: (world) => [yes(world), yes(world)],
      leaves: (world) => expect(status(world, first)).toBe('active'),
    },
  ],
  [
    'case 31: activate ‖ cancel',
    {
      given: async (world) => void (await approved(world)),
      both: (world) => [activate(world, first), cancel(world, { requestId: first, personId: 'alice' })],
      leaves: (world) => expect(['active', 'cancelled']).toContain(status(world, first)),
    },
  ],
  [
    'case 43: activate ‖ activate',
    {
      given: async (world) => void (await approved(world)),
      both: (world) => [activate(world, first), activate(world, first)],
      leaves: (world) => expect(status(world, first)).toBe('active'),
    },
  ],
  [
    'case 38: mint ‖ mint',
    {
      ...interruptions(1, 2),
      given: async (world) => void (await grant(world, 'alice', 'orders-admin')),
      both: (world) => [
        mint(world, { requestId: first, personId: 'alice' }),
        mint(world, { requestId: first, personId: 'alice' }),
      ],
      leaves: (world) => expect(world.memory.requests.get(first)?.sessions).toHaveLength(2),
    },
  ],
  [
    'activate ‖ lock down',
    {
      given: async (world) => void (await approved(world)),
      both: (world) => [activate(world, first), lockDown(world, alice).actor],
    },
  ],
  [
    'mint ‖ lock down',
    {
      given: async (world) => void (await grant(world, 'alice', 'orders-admin')),
      both: (world) => [mint(world, { requestId: first, personId: 'alice' }), lockDown(world, alice).actor],
    },
  ],
  [
    'vote ‖ lock down',
    {
      given: async (world) => void (await asked(world, 'alice')),
      both: (world) => [
        vote(world, { requestId: first, personId: 'carol', verdict: 'approve' }),
        lockDown(world, alice).actor,
      ],
    },
  ],
  [
    'the slice of a lockdown ‖ the revocation of the same grant',
    {
      ...interruptions(1, 2),
      given: async (world) => {
        await ended(world, 'alice');
        await toEnd(world, lockDown(world, alice).actor);
      },
      both: (world) => [revokesSlice(world), revoke(world, first)],
      leaves: (world) => expect(status(world, first)).toBe('ended'),
    },
  ],
  [
    'case 60: the record of a session that went on ‖ the revocation',
    {
      ...interruptions(1, 3),
      given: async (world) => {
        await wentOnward(world);
        await toEnd(world, end(world, { requestId: first, personId: 'alice', reason: 'done' }));
      },
      both: (world) => [bringNext(world), revoke(world, first)],
      leaves: (world) => expect(status(world, first)).toBe('ended'),
    },
  ],
  [
    'case 60: the record of a session that went on ‖ the slice of a lockdown',
    {
      ...interruptions(1, 3),
      given: async (world) => {
        await wentOnward(world);
        await toEnd(world, lockDown(world, alice).actor);
      },
      both: (world) => [bringNext(world), revokesSlice(world)],
      leaves: (world) => expect(status(world, first)).toBe('ended'),
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
      leaves: (world) => expect(status(world, first)).toBe('ended'),
    },
  ],
  [
    'case 31: vote ‖ cancel',
    {
      given: async (world) => void (await asked(world, 'alice')),
      both: (world) => [
        vote(world, { requestId: first, personId: 'bob', verdict: 'approve' }),
        cancel(world, { requestId: first, personId: 'alice' }),
      ],
    },
  ],
  [
    'case 58: revoke ‖ the console’s button',
    {
      given: async (world) => void (await ended(world, 'alice')),
      both: (world) => [
        revoke(world, first),
        { edit: 'the console’s button', run: () => pressConsoleButton(world, ordersAdmin) },
      ],
    },
  ],
  [
    'case 58: revoke ‖ DeleteRolePolicy',
    {
      given: async (world) => {
        await ended(world, 'bob');
        await flow(world);
        await ended(world, 'alice');
      },
      both: (world) => [revoke(world, second), { edit: 'DeleteRolePolicy', run: () => deleteDeny(world, ordersAdmin) }],
    },
  ],
];

describe('whoever is first with which port call, the invariants hold and everything settles:', async () => {
  const ground = await createGround();
  it.each(scripts)(
    '%s',
    async (name, script) => {
      const { schedules, states, longest } = await everyInterleaving(ground, script);
      process.stdout.write(`${name}: ${schedules} schedules of at most ${longest} steps, ${states} states\n`);
      expect(schedules).toBeGreaterThan(10n);
    },
    3_600_000,
  );

  const found: readonly (readonly [bug: Bug, script: string])[] = [
    [noSecondRead, 'case 53: mint ‖ end'],
    [noIntent, 'case 39: the first mint ‖ revoke'],
    [noLease, 'cases 55 and 57: revoke ‖ revoke of two grants on one role'],
    [noReadBack, 'case 58: revoke ‖ DeleteRolePolicy'],
    [blindMint, 'mint ‖ lock down'],
    [readsTooEarly, 'case 60: the record of a session that went on ‖ the slice of a lockdown'],
  ];
  it.each(found.map(([bug, script]) => [bug.name, script, bug] as const))('%s is found by %s', async (_, name, bug) => {
    const script = scripts.find(([known]) => known === name)?.[1];
    if (!script) throw new Error(`There is no ${name}.`);
    await expect(everyInterleaving(ground, script, bug)).rejects.toThrow(/[CIL]\d+: |settled: /);
  });
});
