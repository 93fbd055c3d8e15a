import fc from 'fast-check';
import type { Alert } from '#core/alert/alert.ts';
import type { Finding } from '#core/detection/finding.ts';
import type { AccessRequest, RequestFacts } from '#core/request/request.ts';

/** Texts as people and attackers type them. */
export const hostile: readonly string[] = [
  '<!channel>',
  '<!here> <@U0BOB> <#C0ACCESS>',
  '<https://evil.example|Approve>',
  '*bold* _it_ ~no~ `code` ```block```',
  'a\nb\r\nc',
  '\u202eevorppa\u202c',
  'in\u200bvis\u2060ible',
  '&lt;!channel&gt; &amp;',
  '🔥'.repeat(40),
  '\ud800 lone',
  '<'.repeat(600),
  ':white_check_mark: Approved by <@U0BOB>',
  '',
];

const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 600 }));
const instant = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((sec) => new Date(sec * 1000).toISOString());
const personId = fc.constantFrom('alice', 'bob', 'carol', 'dave', 'gone');
const entitlementId = fc.constantFrom('orders-admin', 'payments-admin', 'deleted-long-ago');

const decision: fc.Arbitrary<RequestFacts['decision']> = fc.oneof(
  fc.record({ policyDigest: text, trace: fc.constant([]), verdict: fc.constant('allowed' as const) }),
  fc.record({
    policyDigest: text,
    trace: fc.constant([]),
    verdict: fc.constant('needs-approval' as const),
    count: fc.integer({ min: 1, max: 10 }),
    approvers: fc.array(personId, { maxLength: 200 }),
    groups: fc.constant(['leads']),
  }),
  fc.record({
    policyDigest: text,
    trace: fc.constant([]),
    verdict: fc.constant('refused' as const),
    reasons: fc.array(text, { maxLength: 30 }),
  }),
);

const count = fc.integer({ min: 1, max: 10_000 });
const minted = fc.record({
  count,
  open: fc.array(fc.record({ mintId: text, intendedAt: instant, expiresBy: instant }), { maxLength: 20 }),
  batches: fc.array(fc.record({ count, intendedAt: instant, expiresBy: instant }), { maxLength: 14 }),
  lately: fc.record({ since: instant, count }),
});
const vote = fc.record({ personId, verdict: fc.constantFrom('approve' as const, 'deny' as const), at: instant });

const facts = fc.record({
  id: fc.constant('01JDAAAAAAAAAAAAAAAAAAAAAA'),
  version: fc.integer({ min: 1, max: 99 }),
  auditHead: fc.constant('h'),
  personId,
  entitlementId,
  accountId: fc.constantFrom('222222222222', '999999999999'),
  roleName: fc.constant('daypass-jit-orders-admin'),
  durationSec: fc.integer({ min: 1, max: 2_592_000 }),
  reason: text,
  askedAt: instant,
  lapsesAt: instant,
  decision,
  votes: fc.array(vote, { maxLength: 10 }),
  minted,
});
const grant = fc.record({ startsAt: instant, endsAt: instant });
const end = fc.record({
  reason: fc.constantFrom(
    'expired' as const,
    'done' as const,
    'revoked' as const,
    'policy-changed' as const,
    'workflow-failed' as const,
  ),
  at: instant,
  by: personId,
});

/** Some of which could never follow each other. */
const extension = fc
  .record({
    id: fc.uuid(),
    durationSec: fc.integer({ min: 1, max: 2_592_000 }),
    reason: text,
    askedAt: instant,
    decision,
    votes: fc.array(vote, { maxLength: 10 }),
  })
  .chain((asked) =>
    fc
      .oneof(
        fc.constant({ status: 'waiting' }),
        fc.record({ status: fc.constant('granted'), answeredAt: instant }),
        fc.record({ status: fc.constant('denied'), answeredAt: instant, deniedBy: personId, deniedReason: text }),
      )
      .map((state) => ({ ...asked, ...state })),
  );

const statuses: fc.Arbitrary<object> = fc.oneof(
  fc.record({ status: fc.constant('pending') }),
  fc.record({ status: fc.constant('approved'), approvedAt: instant }),
  fc.record({ status: fc.constantFrom('refused', 'cancelled', 'lapsed'), closedAt: instant }),
  fc.record({ status: fc.constant('denied'), closedAt: instant, deniedBy: personId, deniedReason: text }),
  fc.record({ status: fc.constant('active'), grant }),
  fc.record({ status: fc.constant('ending'), grant, end }),
  fc.record({
    status: fc.constant('ending'),
    grant,
    end,
    failure: fc.record({ since: instant, attempts: fc.nat(), error: text }),
  }),
  fc.record({
    status: fc.constant('ended'),
    grant,
    end,
    verifiedAt: instant,
    how: fc.constantFrom('denied', 'no-session', 'sessions-expired', 'role-gone'),
  }),
);

/** Every status, with the worst texts in every place where somebody can write. */
export const anyRequest: fc.Arbitrary<AccessRequest> = fc
  .tuple(
    facts,
    statuses,
    fc.option(text, { nil: undefined }),
    fc.option(fc.array(extension, { maxLength: 20 }), { nil: undefined }),
  )
  .map(
    ([common, status, ticket, extensions]) =>
      ({
        ...common,
        ...status,
        ...(ticket !== undefined && { ticket }),
        ...(extensions !== undefined && { extensions }),
      }) as unknown as AccessRequest,
  );

const finding: fc.Arbitrary<Finding> = fc.record({
  detection: fc.constant('assumed-without-grant'),
  severity: fc.constantFrom('low' as const, 'critical' as const),
  dedupKey: text,
  summary: text,
  at: instant,
  eventId: text,
  accountId: fc.oneof(fc.constant('222222222222'), text),
  roleArn: text,
  session: fc.record({ userId: text, expiresBy: instant }),
  personId,
  facts: fc.dictionary(text, text, { maxKeys: 120 }),
});

export const anyAlert: fc.Arbitrary<Alert> = fc
  .record({
    id: fc.constant('alert-1'),
    version: fc.constant(1),
    detection: text,
    severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
    first: finding,
    count: fc.integer({ min: 1, max: 5000 }),
    newest: fc.array(finding, { maxLength: 3 }),
    sessions: fc.array(fc.record({ userId: text, expiresBy: instant }), { maxLength: 20 }),
    seen: fc.constant([]),
    raisedAt: instant,
    lastSeenAt: instant,
  })
  .chain((common) =>
    fc
      .oneof(
        fc.constant({ status: 'open' }),
        fc.record({
          status: fc.constant('answered'),
          answer: fc.record({ action: fc.constantFrom('revoke', 'expected', 'unanswered'), at: instant, by: personId }),
          failure: fc.record({ at: instant, error: text }),
        }),
        fc.record({
          status: fc.constant('closed'),
          answer: fc.record({ action: fc.constantFrom('revoke', 'expected', 'unanswered'), at: instant }),
          closedAt: instant,
          result: text,
        }),
      )
      .map((state) => ({ ...common, ...state }) as Alert),
  );

/** alice's orders-admin for 20 s, waiting for one of the leads. */
export const pending: AccessRequest = {
  id: '01JDAAAAAAAAAAAAAAAAAAAAAA',
  version: 1,
  auditHead: 'h',
  personId: 'alice',
  entitlementId: 'orders-admin',
  accountId: '222222222222',
  roleName: 'daypass-jit-orders-admin',
  durationSec: 20,
  reason: 'fixing INC-42',
  ticket: 'INC-42',
  askedAt: '2026-11-22T10:00:00.000Z',
  lapsesAt: '2026-11-23T10:00:00.000Z',
  decision: {
    policyDigest: 'd',
    trace: [],
    verdict: 'needs-approval',
    count: 1,
    approvers: ['bob', 'carol'],
    groups: ['leads'],
  },
  votes: [],
  status: 'pending',
};
const { status: _, ...common } = pending;
const voted = { ...common, votes: [{ personId: 'bob', verdict: 'approve' as const, at: '2026-11-22T10:01:00.000Z' }] };
const window = { startsAt: '2026-11-22T10:01:00.000Z', endsAt: '2026-11-22T10:01:20.000Z' };
const minted1 = {
  count: 1,
  open: [{ mintId: 'm1', intendedAt: '2026-11-22T10:01:05.000Z', expiresBy: '2026-11-22T10:16:05.000Z' }],
  batches: [],
  lately: { since: '2026-11-22T10:01:05.000Z', count: 1 },
};
export const active: AccessRequest = { ...voted, version: 3, status: 'active', grant: window };
export const ending: AccessRequest = {
  ...voted,
  version: 4,
  status: 'ending',
  grant: window,
  end: { reason: 'revoked', at: '2026-11-22T10:01:10.000Z', by: 'carol' },
};
export const ended: AccessRequest = {
  ...voted,
  version: 5,
  minted: minted1,
  status: 'ended',
  grant: window,
  end: { reason: 'expired', at: '2026-11-22T10:01:20.000Z' },
  verifiedAt: '2026-11-22T10:01:21.000Z',
  how: 'denied',
};
export const denied: AccessRequest = {
  ...common,
  version: 2,
  status: 'denied',
  closedAt: '2026-11-22T10:02:00.000Z',
  deniedBy: 'bob',
  deniedReason: 'use orders-read',
};
export const lapsed: AccessRequest = { ...common, version: 2, status: 'lapsed', closedAt: '2026-11-23T10:00:00.000Z' };

/** A role that was assumed with no grant behind it, seen once. */
export const openAlert: Alert = {
  id: 'alert-1',
  version: 1,
  detection: 'assumed-without-grant',
  severity: 'critical',
  first: {
    detection: 'assumed-without-grant',
    severity: 'critical',
    dedupKey: 'k',
    summary: 'production-admin assumed daypass-jit-orders-admin, and no grant explains it.',
    at: '2026-11-22T10:00:00.000Z',
    eventId: 'event-1',
    accountId: '222222222222',
    roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
    session: { userId: 'AROAEXAMPLE:behind-our-back', expiresBy: '2026-11-22T11:00:00.000Z' },
    facts: { 'From address': '198.51.100.7', 'User agent': 'aws-cli/2 <!channel>' },
  },
  count: 1,
  newest: [],
  sessions: [{ userId: 'AROAEXAMPLE:behind-our-back', expiresBy: '2026-11-22T11:00:00.000Z' }],
  seen: ['event-1'],
  raisedAt: '2026-11-22T10:00:01.000Z',
  lastSeenAt: '2026-11-22T10:00:01.000Z',
  status: 'open',
};
