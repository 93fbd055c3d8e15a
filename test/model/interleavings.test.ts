import { expect } from 'vitest';
import {
  activate,
  ask,
  cancel,
  deleteDeny,
  end,
  lockDown,
  mint,
  pressConsoleButton,
  revoke,
  revokesSlice,
  sweep,
  task,
  vote,
} from './acts.ts';
import { blindMint } from './bugs/lockdown.ts';
import { noIntent, noSecondRead } from './bugs/minting.ts';
import { noLease, noReadBack } from './bugs/writing.ts';
import { flow, toEnd } from './flow.ts';
import { inEveryOrder, interruptions, type NamedScript } from './in-every-order.ts';
import { grant, grantAndMint } from './races.ts';
import type { World } from './world.ts';

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

/** Bob locks Alice down. */
const alice = { scope: { kind: 'person', personId: 'alice' }, personId: 'bob' } as const;

const scripts: readonly NamedScript[] = [
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
      both: async (world) => {
        await world.executions.quiet();
        const [due] = world.executions.due();
        if (!due) throw new Error('The timer has not fired.');
        return [sweep(world), task(world, due)];
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
      leaves: (world) => expect(world.memory.requests.get(first)?.minted?.count).toBe(2),
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
      both: (world) => [revokesSlice(world, first), revoke(world, first)],
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

inEveryOrder(scripts, [
  [noSecondRead, 'case 53: mint ‖ end'],
  [noIntent, 'case 39: the first mint ‖ revoke'],
  [noLease, 'cases 55 and 57: revoke ‖ revoke of two grants on one role'],
  [noReadBack, 'case 58: revoke ‖ DeleteRolePolicy'],
  [blindMint, 'mint ‖ lock down'],
]);
