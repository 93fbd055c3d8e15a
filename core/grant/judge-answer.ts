import type { Judgement } from '#core/judgement.ts';
import type { Rules } from '#core/lockdown/gate.ts';
import { stillAllowed } from '#core/policy/decide.ts';
import { notFound, type Refused, refuse } from '#core/refusal.ts';
import { type Ballot, isDenial, judgeBallot } from '#core/request/ballot.ts';
import type { Change } from '#core/request/change.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { struckVotes } from '#core/request/strike.ts';
import { approveExtension, denyExtension, extensionById } from './extension.ts';
import { isLive } from './grant.ts';

/** What one vote on more time makes of its grant at this instant (ISO 8601). */
export const judgeAnswer = (
  rules: Rules,
  request: AccessRequest,
  { extensionId, ...ballot }: Ballot & { extensionId: string },
  at: string,
): Judgement<AccessRequest, Change> => {
  const extension = extensionById(request, extensionId);
  if (!extension) return notFound('extension');
  const { status, votes } = extension;
  const stands =
    extension.status !== 'waiting'
      ? 'decided'
      : isLive(request, Date.parse(at))
        ? { waiting: { grant: request, extension } }
        : 'lapsed';
  const judged = judgeBallot(rules, request, { on: 'extension', status, votes, stands }, ballot, at);
  if ('ok' in judged) return judged;
  if ('counted' in judged) return { keep: request, again: true, already: judged.counted };
  const { vote, waiting } = judged;
  if (isDenial(vote)) return { change: denyExtension(waiting.grant, waiting.extension, vote) };
  const { policy, lockdowns } = rules;
  const counted = struckVotes(votes, lockdowns, at);
  const goesOn = stillAllowed(policy, request, lockdowns);
  if (!goesOn.ok) return notAllowed(goesOn.reasons);
  const granted = { ...extension, status: 'granted', votes: [...counted, vote] } as const;
  const allowed = stillAllowed(policy, { ...request, extensions: [granted] }, lockdowns);
  if (!allowed.ok && allowed.missing === 0) return notAllowed(allowed.reasons);
  return { change: approveExtension(waiting.grant, { ...waiting.extension, votes: counted }, vote, allowed.ok) };
};

const notAllowed = (reasons: readonly string[]): Refused =>
  refuse('refused-by-policy', reasons.join(' '), 'The end of the grant stays as it is.');
