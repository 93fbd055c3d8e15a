import { type InForce, lockdownOfPerson, lockdownOver } from '#core/lockdown/lockdown.ts';
import { lockedDown } from '#core/lockdown/words.ts';
import { stillAllowed } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import { approve, deny } from '#core/request/answer.ts';
import type { AccessRequest, Vote } from '#core/request/request.ts';
import { alreadyDecided, notYourVote, votedAlready, votedOtherwise } from '#core/request/vote-words.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest, type Judgement } from '#usecases/change-request.ts';

export type Ballot = { requestId: string; personId: string; verdict: Vote['verdict']; reason?: string };

export type VotePorts = ChangePorts & Pick<Ports, 'clock' | 'policy' | 'lockdowns'>;

/** A denial's reason where none came with it. */
export const noReasonGiven = 'no reason given';

/**
 * One approver's vote, counted against the policy as it is now. The same vote twice changes nothing, and says so
 * while others are still waited for; two approvers at once give one outcome. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const castVote = async (ballot: Ballot, ports: VotePorts): Promise<Outcome<AccessRequest>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const nowMs = ports.clock.nowMs();
  return changeRequest(ballot.requestId, (request) => judge({ policy, lockdowns }, request, ballot, nowMs), ports);
};

/**
 * Whether a vote of this person to deny would count now: asked before they are made to write a reason. Nothing is saved, and
 * the vote itself is judged anew. A no is taken under a lockdown, so one read is enough. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const mayDeny = async (
  { requestId, personId }: Pick<Ballot, 'requestId' | 'personId'>,
  ports: Pick<Ports, 'clock' | 'policy' | 'requests'>,
): Promise<Outcome<undefined>> => {
  const [policy, request] = await Promise.all([ports.policy.current(), ports.requests.get(requestId)]);
  if (!request) return notFound('request');
  const ballot = { requestId, personId, verdict: 'deny' } as const;
  const judged = judge({ policy, lockdowns: [] }, request, ballot, ports.clock.nowMs());
  const answer = 'keep' in judged ? alreadyDecided(policy, request, 'request') : judged;
  return 'ok' in answer ? answer : done(undefined);
};

export type Rules = { policy: Policy; lockdowns: readonly InForce[] };

/** Nobody who is locked down lets others in, and nobody is let in under a lockdown. A no is always taken. */
export const locked = ({ policy, lockdowns }: Rules, request: AccessRequest, ballot: Ballot): Judgement | undefined => {
  if (ballot.verdict === 'deny') return undefined;
  const over = lockdownOfPerson(lockdowns, ballot.personId) ?? lockdownOver(lockdowns, request);
  return over && lockedDown(policy, over, ballot.personId);
};

export const voteOf = ({ personId, verdict, reason }: Ballot, nowMs: number): Vote => ({
  personId,
  verdict,
  at: toIso(nowMs),
  ...(reason !== undefined && { reason }),
});

const judge = (rules: Rules, request: AccessRequest, ballot: Ballot, nowMs: number): Judgement => {
  const { policy, lockdowns } = rules;
  const not = notYourVote(policy, request, ballot.personId);
  if (not) return not;
  const earlier = request.votes.find((vote) => vote.personId === ballot.personId);
  if (earlier?.verdict === ballot.verdict) {
    return request.status === 'pending' ? votedAlready(earlier, 'request') : { keep: request, again: true };
  }
  if (request.status !== 'pending') return alreadyDecided(policy, request, 'request');
  const refused = locked(rules, request, ballot);
  if (refused) return refused;
  if (earlier) return votedOtherwise(earlier, 'request');
  if (nowMs >= Date.parse(request.lapsesAt)) {
    return refuse(
      'lapsed',
      'This request lapsed before your vote: nobody had answered in time.',
      `Ask ${nameOf(policy, request.personId)} to request it again.`,
    );
  }
  const vote = voteOf(ballot, nowMs);
  if (vote.verdict === 'deny') return { change: deny(request, { ...vote, reason: vote.reason ?? noReasonGiven }) };
  const enough = stillAllowed(policy, { ...request, votes: [...request.votes, vote] }, lockdowns).ok;
  return { change: approve(request, vote, enough) };
};
