import fc from 'fast-check';
import type { Ask } from '#core/policy/decision.ts';
import type { Entitlement, Policy } from '#core/policy/policy.ts';

const personIds = ['alice', 'bob', 'carol', 'dave'] as const;
const groupNames = ['developers', 'leads', 'owners'] as const;
const entitlementIds = ['orders-read', 'orders-admin', 'payments-admin'] as const;

const somePeople = fc.subarray([...personIds]);
const someGroups = fc.subarray([...groupNames]);

const entitlement = (id: string): fc.Arbitrary<Entitlement> =>
  fc.record({
    id: fc.constant(id),
    description: fc.constant('For a test'),
    accountId: fc.constant('222222222222'),
    roleName: fc.constant(`daypass-jit-${id}`),
    mayAsk: someGroups,
    minDurationSec: fc.integer({ min: 1, max: 60 }),
    defaultDurationSec: fc.constant(60),
    maxDurationSec: fc.integer({ min: 60, max: 7_200 }),
    approval: fc.oneof(
      fc.constant({ kind: 'none' as const }),
      fc.record({ kind: fc.constant('votes' as const), count: fc.integer({ min: 1, max: 3 }), groups: someGroups }),
    ),
    tags: fc.constant({}),
    chaining: fc.constantFrom(false as const, { into: ['arn:aws:iam::222222222222:role/daypass-jit-onward'] }),
  });

/** Policies of four people, some of whom are unknown, with any groups; also ones that `readPolicy` would refuse. */
export const arbitraryPolicy: fc.Arbitrary<Policy> = fc
  .record({
    known: somePeople,
    groups: fc.record({ developers: somePeople, leads: somePeople, owners: somePeople }),
    entitlements: fc
      .subarray([...entitlementIds])
      .chain((ids) => fc.tuple(...ids.map(entitlement)) as fc.Arbitrary<Entitlement[]>),
    mayRevoke: someGroups,
    alerts: fc.record({ mayRevoke: someGroups, mayDismiss: someGroups, revokeAfterSec: fc.constant(900) }),
  })
  .map(({ known, ...rest }) => ({
    digest: 'of-a-test',
    slack: { teamId: 'T0DAYPASS', cardsChannel: 'C0ACCESS', alertsChannel: 'C0SECURITY' },
    accounts: [{ id: '222222222222', name: 'production', externalId: 'dp-production-7f3a91c2' }],
    people: known.map((id) => ({
      id,
      name: id,
      slackUserIds: [`U0${id.toUpperCase()}`, `U1${id.toUpperCase()}`],
      emails: [`${id}@example.com`],
    })),
    requests: { lapseAfterSec: 86_400 },
    ...rest,
  }));

export const arbitraryAsk: fc.Arbitrary<Ask> = fc.record({
  personId: fc.constantFrom(...personIds, 'mallory'),
  entitlementId: fc.constantFrom(...entitlementIds, 'gone', '__proto__'),
  durationSec: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 7_300 }) },
    { weight: 1, arbitrary: fc.double() },
  ),
  reason: fc.oneof({ weight: 4, arbitrary: fc.constant('fixing INC-42') }, { weight: 1, arbitrary: fc.string() }),
});

export const arbitraryVotes = fc.array(
  fc.record({
    personId: fc.constantFrom(...personIds, 'mallory'),
    verdict: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'deny' as const),
  }),
  { maxLength: 6 },
);
