import type { Policy } from '#core/policy/policy.ts';
import { quorumOf } from '#core/policy/quorum.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { anyOf, mention } from './people.ts';

/** What is voted on: a request, or an extension of its grant. */
export type VotedOn = Pick<AccessRequest, 'decision' | 'votes'>;

const mentions = (policy: Policy, ids: readonly string[]): string => ids.map((id) => mention(policy, id)).join(', ');

/** Who approved, as mentions; empty for nobody. */
export const approvals = (policy: Policy, { decision, votes }: VotedOn): string =>
  mentions(
    policy,
    quorumOf(decision, votes).stages.flatMap(({ by }) => by),
  );

/** `1 of 2 approved (<@U0BOB>)`. */
export const votes = (policy: Policy, { decision, votes: cast }: VotedOn): string => {
  if (decision.verdict !== 'needs-approval') return 'No approval is needed for this.';
  return quorumOf(decision, cast)
    .stages.map(
      ({ given, needed, by }) => `${given} of ${needed} approved${given > 0 ? ` (${mentions(policy, by)})` : ''}`,
    )
    .join(' · ');
};

/** What follows `votes` while more are waited for. */
export const whoIsLeft = (policy: Policy, { decision, votes: cast }: VotedOn): string =>
  quorumOf(decision, cast)
    .stages.map(({ left }) => anyOf(policy, left))
    .map((names) =>
      names === undefined
        ? ' · nobody is left who could approve: ask for a change of the policy'
        : ` · ${names} can answer`,
    )
    .join('');
