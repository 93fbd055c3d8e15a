import type { Ask, Decision } from '#core/policy/decision.ts';
import { type Change, changed } from './change.ts';

export type Submission = {
  id: string;
  ask: Ask;
  decision: Decision;
  accountId: string;
  roleName: string;
  /** ISO 8601. */
  at: string;
  lapsesAt: string;
};

/** The first version of a request: refused, approved without a person, or waiting for votes. */
export const submit = ({ id, ask, decision, accountId, roleName, at, lapsesAt }: Submission): Change => {
  const facts = {
    id,
    version: 0,
    auditHead: '',
    personId: ask.personId,
    entitlementId: ask.entitlementId,
    durationSec: ask.durationSec,
    reason: ask.reason,
    ...(ask.ticket !== undefined && { ticket: ask.ticket }),
    accountId,
    roleName,
    askedAt: at,
    lapsesAt,
    decision,
    votes: [],
  };
  const asked = {
    at,
    by: ask.personId,
    detail: {
      entitlementId: ask.entitlementId,
      durationSec: ask.durationSec,
      reason: ask.reason,
      ticket: ask.ticket,
      policyDigest: decision.policyDigest,
      verdict: decision.verdict,
    },
  };
  const submitted = { name: 'request.submitted', ...asked } as const;
  switch (decision.verdict) {
    case 'refused':
      return changed(undefined, { ...facts, status: 'refused', closedAt: at }, { name: 'request.refused', ...asked });
    case 'allowed':
      return changed(undefined, { ...facts, status: 'approved', approvedAt: at }, submitted);
    case 'needs-approval':
      return changed(undefined, { ...facts, status: 'pending' }, submitted);
  }
};
