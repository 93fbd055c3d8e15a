import { judgeAnswer } from '#core/grant/judge-answer.ts';
import { toIso } from '#core/instant.ts';
import type { Outcome } from '#core/refusal.ts';
import type { Ballot } from '#core/request/ballot.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { changeRequest, type Manner } from '#usecases/change-request.ts';
import { rulesFor, type VotePorts } from './cast-vote.ts';

/**
 * One approver's vote on more time for a grant, by the rules of `castVote`. The end moves with the last approval that
 * is needed, as long as the grant is live and not a moment later. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const answerExtension = async (
  { requestId, ...ballot }: Ballot & { requestId: string; extensionId: string },
  ports: VotePorts,
  manner?: Manner,
): Promise<Outcome<AccessRequest>> => {
  const [rules, known] = await Promise.all([rulesFor(ballot, ports), ports.requests.get(requestId)]);
  const at = toIso(ports.clock.nowMs());
  return changeRequest(requestId, (request) => judgeAnswer(rules, request, ballot, at), ports, { ...manner, known });
};
