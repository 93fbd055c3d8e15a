import { DaypassError } from '#core/errors.ts';
import { decide, stillAllowed } from '#core/policy/decide.ts';
import { refuseLater } from '#core/request/answer.ts';
import { activate } from '#core/request/grant.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest } from './change-request.ts';

/**
 * Opens the grant's window, after the policy was asked once more. Idempotent per request id. Returns the request as it
 * stands: `active`, or `refused` when the policy no longer allows it, or whatever it became meanwhile.
 * Throws `NotFound`, `StoreUnavailable`, `PolicyUnreadable`.
 */
export const activateGrant = async (
  { requestId }: { requestId: string },
  ports: ChangePorts & Pick<Ports, 'clock' | 'policy'>,
): Promise<AccessRequest> => {
  const policy = await ports.policy.current();
  const at = toIso(ports.clock.nowMs());
  const outcome = await changeRequest(
    requestId,
    (request) => {
      if (request.status !== 'approved') return { keep: request };
      const allowed = stillAllowed(policy, request);
      if (allowed.ok) return { change: activate(request, at) };
      const { trace, policyDigest } = decide(policy, request);
      return {
        change: refuseLater(request, { verdict: 'refused', reasons: allowed.reasons, trace, policyDigest }, at),
      };
    },
    ports,
  );
  if (!outcome.ok) throw new DaypassError('NotFound', `There is no request ${requestId} to activate.`);
  return outcome.value;
};
