import { isShortOfVotes, shortParts, voteAgain } from '#core/grant/vote-again.ts';
import type { Judgement } from '#core/judgement.ts';
import type { Rules } from '#core/lockdown/gate.ts';
import { stillAllowed } from '#core/policy/decide.ts';
import { type Ballot, isDenial, judgeBallot } from './ballot.ts';
import type { Change } from './change.ts';
import type { AccessRequest } from './request.ts';
import { struckVotes } from './strike.ts';
import { approve, deny } from './waiting.ts';

/**
 * What one vote makes of a request at this instant (ISO 8601). A live grant takes approvals where those it rests on no
 * longer count; a no to one is its Revoke.
 */
export const judgeVote = (
  rules: Rules,
  request: AccessRequest,
  ballot: Ballot,
  at: string,
): Judgement<AccessRequest, Change> => {
  if (request.status === 'active' && ballot.verdict === 'approve' && isShortOfVotes(rules, request)) {
    return judgeAgain(rules, request, ballot, at);
  }
  const { status, votes } = request;
  const stands = request.status !== 'pending' ? 'decided' : at >= request.lapsesAt ? 'lapsed' : { waiting: request };
  const judged = judgeBallot(rules, request, { on: 'request', status, votes, stands }, ballot, at);
  if ('ok' in judged) return judged;
  if ('counted' in judged) return { keep: request, again: true, already: judged.counted };
  const { vote } = judged;
  if (isDenial(vote)) return { change: deny(judged.waiting, vote) };
  const waiting = { ...judged.waiting, votes: struckVotes(votes, rules.lockdowns, at) };
  const allowed = stillAllowed(rules.policy, { ...waiting, votes: [...waiting.votes, vote] }, rules.lockdowns);
  return { change: approve(waiting, vote, allowed.ok) };
};

const judgeAgain: typeof judgeVote = (rules, request, ballot, at) => {
  if (request.status !== 'active') return { keep: request };
  const parts = shortParts(rules, request);
  const mine = parts.map(({ votes }) =>
    votes.filter(({ personId, struck }) => personId === ballot.personId && !struck),
  );
  // Whoever has voted on each of them has nothing to add.
  const votes = mine.every(([vote]) => vote) ? mine.flat() : [];
  const { status } = request;
  const judged = judgeBallot(
    rules,
    request,
    { on: 'request', status, votes, stands: { waiting: request } },
    ballot,
    at,
  );
  if ('ok' in judged) return judged;
  if ('counted' in judged) return { keep: request };
  return { change: voteAgain(rules, judged.waiting, judged.vote, at) };
};
