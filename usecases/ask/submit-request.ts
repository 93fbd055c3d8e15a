import { toIso } from '#core/instant.ts';
import { countOf, countOfWaiting } from '#core/limits.ts';
import { lockdownOver } from '#core/lockdown/lockdown.ts';
import { lockedDown } from '#core/lockdown/words.ts';
import { askable, decide } from '#core/policy/decide.ts';
import type { Ask } from '#core/policy/decision.ts';
import { ticketIn } from '#core/policy/ticket.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import type { Ports } from '#ports/ports.ts';
import { create } from '#usecases/change.ts';
import { type ChangePorts, requestsIn } from '#usecases/change-request.ts';
import { withinLimits } from '#usecases/within-limits.ts';
import { withRoomToWait } from './room-to-wait.ts';

type Submission = Ask & {
  /** A ULID of the caller's; asking again with the same one is the same request. */
  requestId: string;
};

/**
 * Puts an ask before the policy and saves what came of it, a refusal of a known entitlement included. The workflow is
 * started by `request.submitted`, so a refused request has none. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const submitRequest = async (
  { requestId, ...ask }: Submission,
  ports: ChangePorts & Pick<Ports, 'clock' | 'policy' | 'lockdowns'>,
): Promise<Outcome<AccessRequest>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const nowMs = ports.clock.nowMs();
  const entitlement = policy.entitlements.find((candidate) => candidate.id === ask.entitlementId);
  const ticket = ask.ticket ?? ticketIn(policy, ask.reason);
  const decision = decide(policy, ask, lockdowns);
  if (!entitlement) return refusalOf(decision.verdict === 'refused' ? decision.reasons : []);
  const change = submit({
    id: requestId,
    ask: { ...ask, ...(ticket !== undefined && { ticket }) },
    decision,
    accountId: entitlement.accountId,
    roleName: entitlement.roleName,
    at: toIso(nowMs),
    lapsesAt: toIso(nowMs + policy.requests.lapseAfterSec * 1000),
  });
  const isRefused = decision.verdict === 'refused';
  const waiting = countOfWaiting(ask.personId, nowMs, policy.requests.waitingAtOnce);
  // What is not theirs to ask for is counted by itself, and its limit is not told: what does not exist has none.
  const isHidden = isRefused && !askable(policy, ask.personId).some(({ id }) => id === entitlement.id);
  const counts = isRefused
    ? [countOf('refusedAsks', isHidden ? `${ask.personId}#hidden` : ask.personId, nowMs)]
    : [
        countOf('asks', ask.personId, nowMs, policy.requests.asksPerHour),
        ...(decision.verdict === 'needs-approval' ? [waiting] : []),
      ];
  const save = async () => done(await create(requestsIn(ports), requestId, { ...change, counts }));
  const saved = await withinLimits(counts, nowMs, () => withRoomToWait(waiting, save, ports));
  if (!saved.ok) return isHidden ? refusalOf(decision.reasons) : saved;
  const request = saved.value;
  // An id is its first owner's; somebody else who guesses it learns nothing.
  if (request.personId !== ask.personId) return notFound('request');
  if (request.decision.verdict !== 'refused') return done(request);
  const over = lockdownOver(lockdowns, request);
  const said = over && lockedDown(policy, over, ask.personId);
  // Only where that is why: what is not theirs to ask for reads the same, locked down or not.
  return said && request.decision.reasons.includes(said.refusal.message) ? said : refusalOf(request.decision.reasons);
};

const refusalOf = (reasons: readonly string[]): Outcome<never> =>
  refuse('refused-by-policy', reasons.join(' ') || 'The access policy does not allow this.', {
    do: 'see-entitlements',
  });
