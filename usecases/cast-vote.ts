import { type InForce, lockdownOfPerson, lockdownOver } from '#core/lockdown/lockdown.ts';
import { lockedDown } from '#core/lockdown/words.ts';
import { mayApprove, stillAllowed } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { type Outcome, refuse } from '#core/refusal.ts';
import { approve, deny } from '#core/request/answer.ts';
import type { AccessRequest, Vote } from '#core/request/request.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest, type Judgement } from './change-request.ts';

type Ballot = { requestId: string; personId: string; verdict: Vote['verdict']; reason?: string };

/**
 * One approver's vote, counted against the policy as it is now. The same vote twice changes nothing, and says so
 * while others are still waited for; two approvers at once give one outcome. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const castVote = async (
  ballot: Ballot,
  ports: ChangePorts & Pick<Ports, 'clock' | 'policy' | 'lockdowns'>,
): Promise<Outcome<AccessRequest>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const nowMs = ports.clock.nowMs();
  return changeRequest(ballot.requestId, (request) => judge({ policy, lockdowns }, request, ballot, nowMs), ports);
};

type Rules = { policy: Policy; lockdowns: readonly InForce[] };

/** Nobody who is locked down lets others in, and nobody is let in under a lockdown. A no is always taken. */
const locked = ({ policy, lockdowns }: Rules, request: AccessRequest, ballot: Ballot): Judgement | undefined => {
  if (ballot.verdict === 'deny') return undefined;
  const over = lockdownOfPerson(lockdowns, ballot.personId) ?? lockdownOver(lockdowns, request);
  return over && lockedDown(policy, over, ballot.personId);
};

const judge = (rules: Rules, request: AccessRequest, ballot: Ballot, nowMs: number): Judgement => {
  const { policy, lockdowns } = rules;
  if (ballot.personId === request.personId) return ownRequest(policy, request);
  if (!mayApprove(policy, request, ballot.personId)) return notAnApprover(policy, request);
  const earlier = request.votes.find((vote) => vote.personId === ballot.personId);
  if (earlier?.verdict === ballot.verdict) {
    return request.status === 'pending' ? votedAlready(earlier) : { keep: request, again: true };
  }
  if (request.status !== 'pending') return alreadyDecided(policy, request);
  const refused = locked(rules, request, ballot);
  if (refused) return refused;
  if (earlier) {
    return refuse(
      'already-voted',
      `You already voted to ${earlier.verdict} this request.`,
      'A vote cannot be turned round. Ask another approver to deny it, or revoke the grant once it is live.',
    );
  }
  if (nowMs >= Date.parse(request.lapsesAt)) {
    return refuse(
      'lapsed',
      'This request lapsed before your vote: nobody had answered in time.',
      `Ask ${nameOf(policy, request.personId)} to request it again.`,
    );
  }
  const vote: Vote = {
    personId: ballot.personId,
    verdict: ballot.verdict,
    at: toIso(nowMs),
    ...(ballot.reason !== undefined && { reason: ballot.reason }),
  };
  if (vote.verdict === 'deny') {
    return { change: deny(request, { ...vote, reason: ballot.reason ?? 'no reason given' }) };
  }
  const enough = stillAllowed(policy, { ...request, votes: [...request.votes, vote] }, lockdowns).ok;
  return { change: approve(request, vote, enough) };
};

const approverNames = (policy: Policy, request: AccessRequest): string => {
  const names = policy.people.filter((person) => mayApprove(policy, request, person.id)).map((person) => person.name);
  return names.length > 0 ? names.join(' or ') : 'nobody at the moment';
};

const ownRequest = (policy: Policy, request: AccessRequest): Judgement =>
  refuse('own-request', 'You cannot vote on your own request.', `Ask ${approverNames(policy, request)} to answer it.`);

/** A second click is nothing; that it was seen is said. */
const votedAlready = ({ verdict }: Vote): Judgement =>
  refuse('already-voted', `You have already voted to ${verdict} this request.`, 'It waits for somebody else’s vote.');

const notAnApprover = (policy: Policy, request: AccessRequest): Judgement =>
  refuse(
    'not-an-approver',
    `You cannot vote on requests for ${request.entitlementId}.`,
    `${approverNames(policy, request)} can.`,
  );

const alreadyDecided = (policy: Policy, request: AccessRequest): Judgement => {
  const last = request.votes.at(-1);
  const by = last ? ` (${nameOf(policy, last.personId)} voted to ${last.verdict})` : '';
  return refuse(
    'already-decided',
    `This request is no longer waiting: it is ${request.status}${by}.`,
    'Nothing more is needed from you.',
  );
};
