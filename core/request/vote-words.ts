import { mayApprove } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { type Refused, refuse } from '#core/refusal.ts';
import type { AccessRequest, Vote } from './request.ts';

/** What a vote is about: a request, or more time for the grant that came of it. */
export type VotedOn = 'request' | 'extension';

const approverNames = (policy: Policy, request: AccessRequest): string => {
  const names = policy.people.filter((person) => mayApprove(policy, request, person.id)).map((person) => person.name);
  return names.length > 0 ? names.join(' or ') : 'nobody at the moment';
};

/** Who may not vote on this at all: the one who asks, and whoever the policy does not name. */
export const notYourVote = (policy: Policy, request: AccessRequest, personId: string): Refused | undefined => {
  const approvers = approverNames(policy, request);
  if (personId === request.personId) {
    return refuse('own-request', 'You cannot vote on your own request.', `Ask ${approvers} to answer it.`);
  }
  if (mayApprove(policy, request, personId)) return undefined;
  return refuse('not-an-approver', `You cannot vote on requests for ${request.entitlementId}.`, `${approvers} can.`);
};

/** A second click is nothing; that it was seen is said. */
export const votedAlready = ({ verdict }: Vote, on: VotedOn): Refused =>
  refuse('already-voted', `You have already voted to ${verdict} this ${on}.`, 'It waits for somebody else’s vote.');

export const votedOtherwise = ({ verdict }: Vote, on: VotedOn): Refused =>
  refuse(
    'already-voted',
    `You already voted to ${verdict} this ${on}.`,
    'A vote cannot be turned round. Ask another approver to deny it, or revoke the grant once it is live.',
  );

/** Nobody had answered a request in time, or the grant was over. */
export const lapsedBefore = (policy: Policy, { personId }: AccessRequest, on: VotedOn): Refused =>
  refuse(
    'lapsed',
    on === 'request'
      ? 'This request lapsed before your vote: nobody had answered in time.'
      : 'The grant ended before your vote, so it cannot be extended any more.',
    `Ask ${nameOf(policy, personId)} to request it again.`,
  );

/** `status` is what it became, by the last of `votes` where there were any. */
export const alreadyDecided = (
  policy: Policy,
  { status, votes }: { status: string; votes: readonly Vote[] },
  on: VotedOn,
): Refused => {
  const last = votes.at(-1);
  const by = last ? ` (${nameOf(policy, last.personId)} voted to ${last.verdict})` : '';
  return refuse(
    'already-decided',
    `This ${on} is no longer waiting: it is ${status}${by}.`,
    'Nothing more is needed from you.',
  );
};
