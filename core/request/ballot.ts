import { barred, type Rules } from '#core/lockdown/gate.ts';
import { lockdownOver } from '#core/lockdown/lockdown.ts';
import { lockedDown } from '#core/lockdown/words.ts';
import type { Refused } from '#core/refusal.ts';
import type { AccessRequest, Vote } from './request.ts';
import { alreadyDecided, lapsedBefore, notYourVote, type VotedOn, votedAlready, votedOtherwise } from './vote-words.ts';

export type Ballot = Omit<Vote, 'at'>;

/** What is voted on. `T` is what a vote changes. */
type Matter<T> = {
  on: VotedOn;
  /** The word for how it stands. */
  status: string;
  votes: readonly Vote[];
  /** `lapsed`: nobody had answered in time, whether or not that was saved. */
  stands: { waiting: T } | 'decided' | 'lapsed';
};

/** `counted`: the same vote was counted, and it was decided since; what is told where it is asked for anew. */
type Judged<T> = Refused | { counted: Refused } | { vote: Vote; waiting: T };

/** A denial's reason where none came with it. */
const noReasonGiven = 'no reason given';

/** A vote to deny says why. */
export const isDenial = (vote: Vote): vote is Vote & { reason: string } =>
  vote.verdict === 'deny' && vote.reason !== undefined;

/**
 * Whether this vote is taken now, whatever it is on: first who may vote at all, then what is over for good, then what
 * may pass. The same vote twice changes nothing, and says so while others are still waited for. Nobody is let in under
 * a lockdown; a no is always taken. One whose vote was struck may vote afresh.
 */
export const judgeBallot = <T>(
  rules: Rules,
  request: AccessRequest,
  { on, status, votes, stands }: Matter<T>,
  { personId, verdict, reason }: Ballot,
  at: string,
): Judged<T> => {
  const { policy, lockdowns } = rules;
  const not = notYourVote(policy, request, personId);
  if (not) return not;
  const earlier = votes.find((vote) => vote.personId === personId && !vote.struck);
  const isSame = earlier?.verdict === verdict;
  if (stands === 'decided') {
    const decided = alreadyDecided(policy, { status, votes }, on);
    return isSame ? { counted: decided } : decided;
  }
  if (stands === 'lapsed') return lapsedBefore(policy, request, on);
  if (earlier) return isSame ? votedAlready(earlier, on) : votedOtherwise(earlier, on);
  const { waiting } = stands;
  const mayNot = barred(rules, personId, verdict === 'deny' ? 'say-no' : 'act');
  if (mayNot) return mayNot;
  if (verdict === 'deny') return { vote: { personId, verdict, at, reason: reason ?? noReasonGiven }, waiting };
  const over = lockdownOver(lockdowns, request);
  if (over) return lockedDown(policy, over, personId);
  return { vote: { personId, verdict, at, ...(reason !== undefined && { reason }) }, waiting };
};
