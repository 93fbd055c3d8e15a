import { DaypassError } from '#core/errors.ts';
import type { Decision } from '#core/policy/decision.ts';
import { roleArnOf } from '#core/policy/policy.ts';
import { refuseLater } from '#core/request/answer.ts';
import { beginEnd, clockSkewMs, finishEnd, lastExpiry } from '#core/request/grant.ts';
import type { AccessRequest, EndReason } from '#core/request/request.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { applyLedger } from './apply-ledger.ts';
import { changeRequest } from './change-request.ts';

type RevokePorts = Pick<Ports, 'clock' | 'pause' | 'requests' | 'outbox' | 'ledgers' | 'targetRoles' | 'log'>;
type Ending = Extract<AccessRequest, { status: 'ending' }>;

/**
 * Ends a grant for good: no more minting, then the deny on its role, written and read back, then `ended`. Idempotent
 * per request id; a request without a grant is left as it is. `cause` is why, where the grant was still live.
 * Throws what `applyLedger` throws, `NotFound`, `StoreUnavailable`.
 */
export const revokeSessions = async (
  { requestId, cause }: { requestId: string; cause?: Extract<EndReason, 'workflow-failed'> },
  ports: RevokePorts,
): Promise<AccessRequest> => {
  const request = await stopMinting(requestId, cause, ports);
  if (request.status !== 'ending') return request;
  const how = await killSessions(request, ports);
  const outcome = await changeRequest(
    requestId,
    (now) => (now.status === 'ending' ? { change: finishEnd(now, how, toIso(ports.clock.nowMs())) } : { keep: now }),
    ports,
  );
  return outcome.ok ? outcome.value : request;
};

const stopMinting = async (
  requestId: string,
  cause: Extract<EndReason, 'workflow-failed'> | undefined,
  ports: RevokePorts,
): Promise<AccessRequest> => {
  const outcome = await changeRequest(
    requestId,
    (request) => {
      const nowMs = ports.clock.nowMs();
      if (request.status === 'approved') return { change: refuseLater(request, neverActivated(request), toIso(nowMs)) };
      if (request.status !== 'active') return { keep: request };
      const expired = nowMs >= Date.parse(request.grant.endsAt);
      return {
        change: beginEnd(request, { reason: expired ? 'expired' : (cause ?? 'workflow-failed'), at: toIso(nowMs) }),
      };
    },
    ports,
  );
  if (!outcome.ok)
    throw new DaypassError('NotFound', `There is no request ${requestId} whose sessions could be revoked.`);
  return outcome.value;
};

const neverActivated = ({ decision }: AccessRequest): Decision => ({
  verdict: 'refused',
  reasons: ['The grant could not be activated because the workflow failed.'],
  policyDigest: decision.policyDigest,
  trace: decision.trace,
});

const killSessions = async (
  request: Ending,
  ports: RevokePorts,
): Promise<'denied' | 'no-session' | 'sessions-expired'> => {
  const coversUntil = lastExpiry(request);
  if (coversUntil === undefined) return 'no-session';
  if (Date.parse(coversUntil) + clockSkewMs < ports.clock.nowMs()) return 'sessions-expired';
  const entry = { grantId: request.id, revokedAt: request.end.at, coversUntil };
  await applyLedger({ roleArn: roleArnOf(request), entry }, ports);
  return 'denied';
};
