import { DaypassError } from '#core/errors.ts';
import { activate, lockdownEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import { lockdownOver } from '#core/lockdown/lockdown.ts';
import { decide, stillAllowed } from '#core/policy/decide.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { waitAgain } from '#core/request/strike.ts';
import { refuseLater } from '#core/request/waiting.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';
import { endForLockdown } from '#usecases/lockdown/end-for-lockdown.ts';

type ActivatePorts = ChangePorts & Pick<Ports, 'clock' | 'policy' | 'lockdowns'>;

/**
 * Opens the grant's window, after the policy and the lockdowns were asked once more, and closes it again where a
 * lockdown was begun meanwhile. Idempotent per request id. Returns the request as it stands: `active`, or `refused`
 * when the policy no longer allows it, `pending` where who approved it was locked down since, or whatever it became
 * meanwhile. Throws `NotFound`, `StoreUnavailable`,
 * `PolicyUnreadable`.
 */
export const activateGrant = async (
  { requestId }: { requestId: string },
  ports: ActivatePorts,
): Promise<AccessRequest> => {
  const [policy, { lockdowns }, known] = await Promise.all([
    ports.policy.current(),
    ports.lockdowns.register(),
    ports.requests.get(requestId),
  ]);
  const at = toIso(ports.clock.nowMs());
  const outcome = await changeRequest(
    requestId,
    (request) => {
      if (request.status !== 'approved') return { keep: request };
      const allowed = stillAllowed(policy, request, lockdowns);
      if (allowed.ok) return { change: activate(request, at) };
      if (allowed.freshVote) return { change: waitAgain(request, lockdowns, at) };
      const { trace, policyDigest } = decide(policy, request, lockdowns);
      return {
        change: refuseLater(
          request,
          { verdict: 'refused', reasons: allowed.reasons, trace, policyDigest },
          at,
          lockdownOver(lockdowns, request),
        ),
      };
    },
    ports,
    { known },
  );
  if (!outcome.ok) throw new DaypassError('NotFound', `There is no request ${requestId} to activate.`);
  return underNoLockdown(outcome.value, ports);
};

/**
 * The window that is open. Throws `RequestPending` where the votes are still waited for, and `RequestClosed` where
 * there is nothing to wait for.
 */
export const windowOf = (request: AccessRequest): { endsAt: string } => {
  if ('grant' in request) return { endsAt: request.grant.endsAt };
  const name = request.status === 'pending' ? 'RequestPending' : 'RequestClosed';
  throw new DaypassError(name, `Request ${request.id} was not activated: it is ${request.status}.`);
};

/** Read after the window was saved: of this and a lockdown that begins at the same time, one sees the other. */
const underNoLockdown = async (request: AccessRequest, ports: ActivatePorts): Promise<AccessRequest> => {
  if (request.status !== 'active') return request;
  const over = lockdownOver((await ports.lockdowns.register()).lockdowns, request);
  if (!over) return request;
  const end = lockdownEnd(over, toIso(ports.clock.nowMs()));
  const outcome = await endForLockdown({ requestId: request.id, end }, ports);
  return outcome.ok ? outcome.value : request;
};
