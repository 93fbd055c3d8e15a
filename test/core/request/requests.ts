import { activate, beginEnd } from '#core/grant/grant.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import { approve } from '#core/request/waiting.ts';

export const requestId = '01JD8Q0000ORDERS0ADM1NA11C';
export const askedAt = '2026-11-22T10:00:00.000Z';

type Status<S extends AccessRequest['status']> = Extract<AccessRequest, { status: S }>;

/** Alice's request for orders-admin, 20 minutes, which one of Bob and Carol has to approve. */
export const pending = (): Status<'pending'> => {
  const { request } = submit({
    id: requestId,
    ask: {
      personId: 'alice',
      entitlementId: 'orders-admin',
      durationSec: 1200,
      reason: 'fixing INC-42',
      ticket: 'INC-42',
    },
    decision: {
      verdict: 'needs-approval',
      count: 1,
      approvers: ['bob', 'carol'],
      groups: ['leads'],
      policyDigest: 'd1',
      trace: [],
    },
    accountId: '222222222222',
    roleName: 'daypass-jit-orders-admin',
    at: askedAt,
    lapsesAt: '2026-11-23T10:00:00.000Z',
  });
  if (request.status !== 'pending') throw new Error(`unexpectedly ${request.status}`);
  return request;
};

export const approved = (): Status<'approved'> => {
  const { request } = approve(pending(), { personId: 'bob', verdict: 'approve', at: '2026-11-22T10:01:00.000Z' }, true);
  if (request.status !== 'approved') throw new Error(`unexpectedly ${request.status}`);
  return request;
};

/** Live from 10:02 to 10:22. */
export const active = (): LiveRequest => activate(approved(), '2026-11-22T10:02:00.000Z').request;

export const ending = (): Status<'ending'> =>
  beginEnd(active(), { reason: 'done', at: '2026-11-22T10:10:00.000Z', by: 'alice' }).request;
