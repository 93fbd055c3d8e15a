import { toIso } from '#core/instant.ts';
import type { Rules } from '#core/lockdown/gate.ts';
import type { Outcome } from '#core/refusal.ts';
import type { Ballot } from '#core/request/ballot.ts';
import { judgeVote } from '#core/request/judge-vote.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest, type Manner } from '#usecases/change-request.ts';

export type VotePorts = ChangePorts & Pick<Ports, 'clock' | 'policy' | 'lockdowns'>;

/**
 * One approver's vote, counted against the policy as it is now. The same vote twice changes nothing, and says so while
 * others are still waited for; two approvers at once give one outcome. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const castVote = async (
  { requestId, ...ballot }: Ballot & { requestId: string },
  ports: VotePorts,
  manner?: Manner,
): Promise<Outcome<AccessRequest>> => {
  const [rules, known] = await Promise.all([rulesFor(ballot, ports), ports.requests.get(requestId)]);
  const at = toIso(ports.clock.nowMs());
  return changeRequest(requestId, (request) => judgeVote(rules, request, ballot, at), ports, { ...manner, known });
};

/** A no is taken under a lockdown too, so nothing is read for it but the policy. */
export const rulesFor = async (
  { verdict }: Pick<Ballot, 'verdict'>,
  { policy, lockdowns }: Pick<Ports, 'policy' | 'lockdowns'>,
): Promise<Rules> => {
  if (verdict === 'deny') return { policy: await policy.current(), lockdowns: [] };
  const [now, register] = await Promise.all([policy.current(), lockdowns.register()]);
  return { policy: now, lockdowns: register.lockdowns };
};
