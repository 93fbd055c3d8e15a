import { approveExtension, denyExtension, extensionById } from '#core/grant/extension.ts';
import { isLive } from '#core/grant/grant.ts';
import { stillAllowed } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { alreadyDecided, notYourVote, votedAlready, votedOtherwise } from '#core/request/vote-words.ts';
import type { Ports } from '#ports/ports.ts';
import { changeRequest, type Judgement } from '#usecases/change-request.ts';
import { type Ballot, locked, noReasonGiven, type Rules, type VotePorts, voteOf } from './cast-vote.ts';

type ExtensionBallot = Ballot & { extensionId: string };

/**
 * One approver's vote on more time for a grant, by the rules of `castVote`. The end moves with the last approval that is
 * needed, as long as the grant is live and not a moment later. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const answerExtension = async (ballot: ExtensionBallot, ports: VotePorts): Promise<Outcome<AccessRequest>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const nowMs = ports.clock.nowMs();
  return changeRequest(ballot.requestId, (request) => judge({ policy, lockdowns }, request, ballot, nowMs), ports);
};

/**
 * Whether a no of this person would count now: asked before they are made to write a reason. Nothing is saved, and the vote
 * itself is judged anew. A no is taken under a lockdown, so one read is enough. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const mayDenyExtension = async (
  { requestId, extensionId, personId }: Pick<ExtensionBallot, 'requestId' | 'extensionId' | 'personId'>,
  ports: Pick<Ports, 'clock' | 'policy' | 'requests'>,
): Promise<Outcome<undefined>> => {
  const [policy, request] = await Promise.all([ports.policy.current(), ports.requests.get(requestId)]);
  const extension = request && extensionById(request, extensionId);
  if (!extension) return notFound('extension');
  const ballot = { requestId, extensionId, personId, verdict: 'deny' } as const;
  const judged = judge({ policy, lockdowns: [] }, request, ballot, ports.clock.nowMs());
  const answer = 'keep' in judged ? alreadyDecided(policy, extension, 'extension') : judged;
  return 'ok' in answer ? answer : done(undefined);
};

const judge = (rules: Rules, request: AccessRequest, ballot: ExtensionBallot, nowMs: number): Judgement => {
  const { policy, lockdowns } = rules;
  const extension = extensionById(request, ballot.extensionId);
  if (!extension) return notFound('extension');
  const not = notYourVote(policy, request, ballot.personId);
  if (not) return not;
  const earlier = extension.votes.find((vote) => vote.personId === ballot.personId);
  if (extension.status !== 'waiting') {
    return earlier?.verdict === ballot.verdict
      ? { keep: request, again: true }
      : alreadyDecided(policy, extension, 'extension');
  }
  if (!isLive(request, nowMs)) {
    return refuse(
      'lapsed',
      'The grant ended before your vote, so it cannot be extended any more.',
      `Ask ${nameOf(policy, request.personId)} to request it again.`,
    );
  }
  if (earlier) {
    return earlier.verdict === ballot.verdict
      ? votedAlready(earlier, 'extension')
      : votedOtherwise(earlier, 'extension');
  }
  const refused = locked(rules, request, ballot);
  if (refused) return refused;
  const vote = voteOf(ballot, nowMs);
  if (vote.verdict === 'deny') {
    return { change: denyExtension(request, extension, { ...vote, reason: vote.reason ?? noReasonGiven }) };
  }
  const goesOn = stillAllowed(policy, request, lockdowns);
  if (!goesOn.ok) return notAllowed(goesOn.reasons);
  const granted = { ...extension, status: 'granted', votes: [...extension.votes, vote] } as const;
  const allowed = stillAllowed(policy, { ...request, extensions: [granted] }, lockdowns);
  if (!allowed.ok && allowed.missing === 0) return notAllowed(allowed.reasons);
  return { change: approveExtension(request, extension, vote, allowed.ok) };
};

const notAllowed = (reasons: readonly string[]): Judgement =>
  refuse('refused-by-policy', reasons.join(' '), 'The end of the grant stays as it is.');
