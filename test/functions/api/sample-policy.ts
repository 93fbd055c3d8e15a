import type { Entitlement, Person, Policy } from '#core/policy/policy.ts';

const person = (id: string, name: string): Person => ({
  id,
  name,
  slackUserIds: [`U0${id.toUpperCase()}`],
  emails: [`${id}@example.com`],
});

const entitlement = (id: string, more: Partial<Entitlement>): Entitlement => ({
  id,
  description: `What ${id} is for`,
  accountId: '222222222222',
  roleName: `daypass-jit-${id}`,
  mayAsk: ['developers'],
  minDurationSec: 5,
  defaultDurationSec: 1800,
  maxDurationSec: 14_400,
  approval: { kind: 'votes', count: 1, groups: ['leads'] },
  tags: {},
  chaining: false,
  ...more,
});

/** Alice asks, Bob and Carol approve, Dave may nothing; `audit-read` is for the leads alone. */
export const samplePolicy: Policy = {
  digest: 'a'.repeat(64),
  slack: { teamId: 'T0DAYPASS', cardsChannel: 'C0ACCESS', alertsChannel: 'C0SECURITY' },
  accounts: [
    { id: '111111111111', name: 'hub' },
    { id: '222222222222', name: 'production', externalId: 'for-tests' },
  ],
  people: [person('alice', 'Alice'), person('bob', 'Bob'), person('carol', 'Carol'), person('dave', 'Dave')],
  groups: { developers: ['alice', 'bob', 'carol'], leads: ['bob', 'carol'] },
  entitlements: [
    entitlement('orders-read', { approval: { kind: 'none' }, maxDurationSec: 3600 }),
    entitlement('orders-admin', {}),
    entitlement('audit-read', { mayAsk: ['leads'] }),
  ],
  requests: { lapseAfterSec: 3600 },
  mayRevoke: ['leads'],
  alerts: { mayRevoke: ['leads'], mayDismiss: ['leads'], revokeAfterSec: 60 },
};
