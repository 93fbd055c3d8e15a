import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { anyOf, mention } from './people.ts';

/** What is voted on: a request, or an extension of its grant. */
export type VotedOn = Pick<AccessRequest, 'decision' | 'votes'>;

/** Who approved, as mentions; empty for nobody. */
export const approvals = (policy: Policy, votes: VotedOn['votes']): string =>
  votes
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ personId }) => mention(policy, personId))
    .join(', ');

/** `1 of 2 approved (<@U0BOB>)`. */
export const votes = (policy: Policy, { decision, votes: cast }: VotedOn): string => {
  if (decision.verdict !== 'needs-approval') return 'No approval is needed for this.';
  const count = cast.filter(({ verdict }) => verdict === 'approve').length;
  const by = approvals(policy, cast);
  return `${count} of ${decision.count} approved${by && ` (${by})`}`;
};

/** What follows `votes` while more are waited for. */
export const whoIsLeft = (policy: Policy, { decision, votes: cast }: VotedOn): string => {
  if (decision.verdict !== 'needs-approval') return '';
  const voted = new Set(cast.map((vote) => vote.personId));
  const left = anyOf(
    policy,
    decision.approvers.filter((id) => !voted.has(id)),
  );
  return left === undefined
    ? ' · nobody is left who could approve: ask for a change of the policy'
    : ` · ${left} can answer`;
};
