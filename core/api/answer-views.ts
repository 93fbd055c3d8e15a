import type { Decision } from '#core/policy/decision.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { type Quorum, quorumOf } from '#core/policy/quorum.ts';
import type { Vote } from '#core/request/request.ts';

export type NameView = { id: string; name: string };

/** `struckAt`: it counts no longer, since its person was locked down. */
export type VoteView = { person: NameView; verdict: Vote['verdict']; at: string; struckAt?: string };

/** How many of whom it takes. */
export type ApprovalsView = { count: number; approvers: readonly NameView[]; groups: readonly string[] };

export const nameView = (policy: Policy, id: string): NameView => ({ id, name: nameOf(policy, id) });

export const voteView = (policy: Policy, { personId, verdict, at, struck }: Vote): VoteView => ({
  person: nameView(policy, personId),
  verdict,
  at,
  ...(struck && { struckAt: struck.at }),
});

/** How far the approval is, for whoever reads views. */
export const quorumOfViews = (approvals: ApprovalsView | undefined, votes: readonly VoteView[]): Quorum =>
  quorumOf(
    approvals
      ? { ...approvals, verdict: 'needs-approval', approvers: approvals.approvers.map(({ id }) => id) }
      : { verdict: 'allowed' },
    votes.map(({ person, verdict, struckAt }) => ({ personId: person.id, verdict, struck: struckAt })),
  );

/** Undefined where no approval is needed. */
export const approvalsView = (policy: Policy, decision: Decision): ApprovalsView | undefined =>
  decision.verdict === 'needs-approval'
    ? {
        count: decision.count,
        approvers: decision.approvers.map((id) => nameView(policy, id)),
        groups: decision.groups,
      }
    : undefined;
