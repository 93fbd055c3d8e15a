import type { Decision } from '#core/policy/decision.ts';
import { type Change, changed, factsOf } from './change.ts';
import type { RequestIn, Vote } from './request.ts';

type Pending = RequestIn<'pending'>;
type Undecided = RequestIn<'pending' | 'approved'>;

/** One more approval. `enough` says whether the policy, asked again, is satisfied by the votes including this one. */
export const approve = (request: Pending, vote: Vote, enough: boolean): Change => {
  const facts = { ...factsOf(request), votes: [...request.votes, vote] };
  const what = { at: vote.at, by: vote.personId, detail: { verdict: vote.verdict } };
  return enough
    ? changed(request, { ...facts, status: 'approved', approvedAt: vote.at }, { name: 'request.approved', ...what })
    : changed(request, { ...facts, status: 'pending' }, { name: 'vote.cast', ...what });
};

/** One approver's no ends it. */
export const deny = (request: Pending, vote: Vote & { reason: string }): Change =>
  changed(
    request,
    {
      ...factsOf(request),
      votes: [...request.votes, vote],
      status: 'denied',
      closedAt: vote.at,
      deniedBy: vote.personId,
      deniedReason: vote.reason,
    },
    { name: 'request.denied', at: vote.at, by: vote.personId, detail: { verdict: vote.verdict, reason: vote.reason } },
  );

/** The requester takes it back. */
export const cancel = (request: Undecided, at: string): Change =>
  changed(
    request,
    { ...factsOf(request), status: 'cancelled', closedAt: at },
    { name: 'request.cancelled', at, by: request.personId },
  );

/** Nobody answered in time. */
export const lapse = (request: Pending, at: string): Change =>
  changed(request, { ...factsOf(request), status: 'lapsed', closedAt: at }, { name: 'request.lapsed', at });

/** The policy, asked again, says no to what it allowed before; or a lockdown does. */
export const refuseLater = (
  request: Undecided,
  decision: Decision,
  at: string,
  lockdown?: { id: string } | undefined,
): Change =>
  changed(
    request,
    { ...factsOf(request), decision, status: 'refused', closedAt: at, ...(lockdown && { lockdownId: lockdown.id }) },
    { name: 'request.refused', at, detail: { policyDigest: decision.policyDigest, verdict: decision.verdict } },
  );
