import { judgeMoreTime, type MoreTime } from '#core/grant/judge-more-time.ts';
import { toIso } from '#core/instant.ts';
import type { Judgement } from '#core/judgement.ts';
import { countOf } from '#core/limits.ts';
import { mayRevoke } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { type Outcome, type Refused, refuse } from '#core/refusal.ts';
import type { Change } from '#core/request/change.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest, type Manner } from '#usecases/change-request.ts';
import { withinLimits } from '#usecases/within-limits.ts';

/** The least that can be asked for, with a reason: where that is refused, whatever is asked for is. */
export const leastMoreTime = { bySec: 1, reason: 'not given yet' } as const;

/**
 * Asks for more time for one's own live grant. The policy decides as on a request for the whole window: the end moves
 * at once where no approval is needed, else it waits for votes and lapses with the grant. Credentials that were handed
 * out before keep the end they have; new ones get the new end. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const askExtension = async (
  { requestId, ...order }: MoreTime & { requestId: string },
  ports: ChangePorts & Pick<Ports, 'clock' | 'policy' | 'lockdowns'>,
  manner?: Manner,
): Promise<Outcome<AccessRequest>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const nowMs = ports.clock.nowMs();
  const counts = [countOf('extensions', order.personId, nowMs)];
  const judge = (request: AccessRequest): Judgement<AccessRequest, Change> => {
    const notTheirs = manner?.dryRun && seenNotTheirs(policy, request, order.personId);
    if (notTheirs) return notTheirs;
    const judged = judgeMoreTime({ policy, lockdowns }, request, order, toIso(nowMs));
    return 'change' in judged ? { ...judged, change: { ...judged.change, counts } } : judged;
  };
  return withinLimits(counts, nowMs, () => changeRequest(requestId, judge, ports, manner));
};

/** Whoever may end somebody's grant has its card before them, with the way to more time on it. */
const seenNotTheirs = (policy: Policy, request: AccessRequest, personId: string): Refused | undefined => {
  if (request.personId === personId || !mayRevoke(policy, request, personId)) return undefined;
  const whose = nameOf(policy, request.personId);
  return refuse('not-allowed', `This grant is not yours but ${whose}’s.`, `Only ${whose} can ask for more time.`);
};
