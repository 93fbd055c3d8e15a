import { expect, it } from 'vitest';
import { failEnd, finishEnd } from '#core/grant/grant.ts';
import { factsOf } from '#core/request/change.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { cancel, deny, lapse, refuseLater } from '#core/request/waiting.ts';
import { active, approved, ending, pending } from './requests.ts';

const at = '2026-11-22T10:15:00.000Z';
const refused = { verdict: 'refused', reasons: ['no'], policyDigest: 'd2', trace: [] } as const;

const everyStatus: readonly AccessRequest[] = [
  pending(),
  approved(),
  { ...active(), interrupted: { issuedBefore: at } },
  ending(),
  failEnd(ending(), 'no answer', at).request,
  finishEnd(ending(), 'denied', at, [{ roleArn: 'arn:aws:iam::333333333333:role/onward', how: 'denied' }]).request,
  deny(pending(), { personId: 'bob', verdict: 'deny', at, reason: 'no' }).request,
  cancel(pending(), at).request,
  lapse(pending(), at).request,
  refuseLater(approved(), refused, at).request,
];

it.each(everyStatus)(
  'a fact that is added to requests one day is kept when one leaves the status $status',
  (request) => {
    const added = { ...request, addedOneDay: { whatever: [1, 2] } };
    const { decision, votes, ...rest } = factsOf(added);
    expect({ decision, votes }).toEqual({ decision: request.decision, votes: request.votes });
    expect(rest).toEqual({
      id: request.id,
      version: request.version,
      auditHead: request.auditHead,
      personId: 'alice',
      entitlementId: 'orders-admin',
      accountId: '222222222222',
      roleName: 'daypass-jit-orders-admin',
      durationSec: 1200,
      reason: 'fixing INC-42',
      ticket: 'INC-42',
      askedAt: '2026-11-22T10:00:00.000Z',
      lapsesAt: '2026-11-23T10:00:00.000Z',
      addedOneDay: { whatever: [1, 2] },
    });
  },
);
