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
export const whoIsLeft = (policy: Policy, votedOn: VotedOn): string =>
  quorumOf(votedOn.decision, votedOn.votes)
    .stages.map(({ left }) => anyOf(policy, left))
    .map((names) => (names === undefined ? nobodyIsLeft(votedOn) : ` · ${names} can answer`))
    .join('');

const nobodyIsLeft = (votedOn: VotedOn): string =>
  needsFreshVote(votedOn)
    ? ' · nobody else is left who could approve: have the lockdown lifted, or ask for a change of the policy'
    : ' · nobody is left who could approve: ask for a change of the policy';

/** Enough had approved, or would have, and some of that counts no longer. */
export const needsFreshVote = ({ decision, votes: cast }: VotedOn): boolean =>
  cast.some(({ struck }) => struck) && !quorumOf(decision, cast).enough;

/** `What <@U0BOB> approved no longer counts, because of a lockdown: a fresh vote is needed`. */
export const freshVoteWords = (policy: Policy, { votes: cast }: VotedOn): string => {
  const gone = [...new Set(cast.filter(({ struck }) => struck).map(({ personId }) => personId))];
  return `What ${mentions(policy, gone)} approved no longer counts, because of a lockdown: a fresh vote is needed`;
};
