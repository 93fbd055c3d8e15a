import { isDaypassError } from '#core/errors.ts';
import { decide } from '#core/policy/decide.ts';
import type { Ask } from '#core/policy/decision.ts';
import { ticketIn } from '#core/policy/ticket.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, saveChange } from './change-request.ts';

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
  ports: ChangePorts & Pick<Ports, 'clock' | 'policy'>,
): Promise<Outcome<AccessRequest>> => {
  const policy = await ports.policy.current();
  const nowMs = ports.clock.nowMs();
  const entitlement = policy.entitlements.find((candidate) => candidate.id === ask.entitlementId);
  const ticket = ask.ticket ?? ticketIn(policy, ask.reason);
  const decision = decide(policy, ask);
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
  const request = await saveChange(change, ports).catch((error: unknown) => {
    if (isDaypassError(error, 'VersionConflict')) return ports.requests.get(requestId);
    throw error;
  });
  // An id is its first owner's; somebody else who guesses it learns nothing.
  if (!request || request.personId !== ask.personId) return notFound('request');
  return request.decision.verdict === 'refused' ? refusalOf(request.decision.reasons) : done(request);
};

const refusalOf = (reasons: readonly string[]): Outcome<never> =>
  refuse(
    'refused-by-policy',
    reasons.join(' ') || 'The access policy does not allow this.',
    'Use /access (or `daypass entitlements`) to see what you can ask for.',
  );
