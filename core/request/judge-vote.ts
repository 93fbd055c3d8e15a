import type { Judgement } from '#core/judgement.ts';
import { stillAllowed } from '#core/policy/decide.ts';
import { type Ballot, isDenial, judgeBallot, type Rules } from './ballot.ts';
import type { Change } from './change.ts';
import type { AccessRequest } from './request.ts';
import { approve, deny } from './waiting.ts';

/** What one vote makes of a request at this instant (ISO 8601). */
export const judgeVote = (
  rules: Rules,
  request: AccessRequest,
  ballot: Ballot,
  at: string,
): Judgement<AccessRequest, Change> => {
  const { status, votes } = request;
  const stands = request.status !== 'pending' ? 'decided' : at >= request.lapsesAt ? 'lapsed' : { waiting: request };
  const judged = judgeBallot(rules, request, { on: 'request', status, votes, stands }, ballot, at);
  if ('ok' in judged) return judged;
  if ('counted' in judged) return { keep: request, again: true, already: judged.counted };
  const { vote, waiting } = judged;
  if (isDenial(vote)) return { change: deny(waiting, vote) };
  const enough = stillAllowed(rules.policy, { ...request, votes: [...votes, vote] }, rules.lockdowns).ok;
  return { change: approve(waiting, vote, enough) };
};
