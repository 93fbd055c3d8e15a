import { roleArnOf } from '#core/aws-role.ts';
import { DaypassError } from '#core/errors.ts';
import { accessEndsAt, beginEnd, finishEnd } from '#core/grant/grant.ts';
import { coveredUntil, lastIssue } from '#core/grant/minted.ts';
import { isPastByBothClocks, toIso } from '#core/instant.ts';
import type { Decision } from '#core/policy/decision.ts';
import type { AccessRequest, ChainedEnd, RequestIn } from '#core/request/request.ts';
import { refuseLater } from '#core/request/waiting.ts';
import type { Ports } from '#ports/ports.ts';
import { endChain } from '#usecases/chain/revoke-chain.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';
import { applyLedger, deathBy, type LedgerPorts } from './apply-ledger.ts';

export type RevokePorts = ChangePorts & LedgerPorts & Pick<Ports, 'metrics' | 'chains'>;

/**
 * Ends a grant for good: no more minting, then the deny on its role and on those into which its sessions went on,
 * written and read back, then `ended`. A grant that is still active before its end comes here because its workflow
 * failed; but where it is to end `when-due`, because the wait for its end is over, it was extended meanwhile:
 * `GrantExtended` is thrown and nothing is done. A request that was approved and never activated is refused; any other
 * without a grant is left as it is. Idempotent per request id. Throws what `applyLedger` throws, `NotFound`,
 * `StoreUnavailable`.
 */
export const revokeSessions = async (
  { requestId, end = 'now' }: { requestId: string; end?: 'now' | 'when-due' | undefined },
  ports: RevokePorts,
): Promise<AccessRequest> => {
  const request = await stopMinting(requestId, end, ports);
  if (request.status !== 'ending') return request;
  const { how, chained } = await killAll(request, ports);
  const outcome = await changeRequest(
    requestId,
    (now) =>
      now.status === 'ending' ? { change: finishEnd(now, how, toIso(ports.clock.nowMs()), chained) } : { keep: now },
    ports,
    { known: request },
  );
  if (!outcome.ok) return request;
  if (outcome.value.status === 'ended') recordTime(outcome.value, ports);
  return outcome.value;
};

/**
 * Access ends with the grant, also where the workflow only noticed later. Where no session was minted nobody waited.
 */
export const recordTime = (request: RequestIn<'ended'>, { metrics }: Pick<Ports, 'metrics'>): void => {
  if (request.how === 'no-session') return;
  metrics.record('RevocationSeconds', (Date.parse(request.verifiedAt) - Date.parse(accessEndsAt(request))) / 1000);
};

const stopMinting = async (requestId: string, end: 'now' | 'when-due', ports: RevokePorts): Promise<AccessRequest> => {
  const outcome = await changeRequest(
    requestId,
    (request) => {
      const nowMs = ports.clock.nowMs();
      if (request.status === 'approved') return { change: refuseLater(request, neverActivated(request), toIso(nowMs)) };
      if (request.status !== 'active') return { keep: request };
      const expired = nowMs >= Date.parse(request.grant.endsAt);
      if (!expired && end === 'when-due') {
        throw new DaypassError('GrantExtended', `Grant ${requestId} goes on until ${request.grant.endsAt}.`);
      }
      return { change: beginEnd(request, { reason: expired ? 'expired' : 'workflow-failed', at: toIso(nowMs) }) };
    },
    ports,
  );
  if (!outcome.ok) {
    throw new DaypassError('NotFound', `There is no request ${requestId} whose sessions could be revoked.`);
  }
  return outcome.value;
};

const neverActivated = ({ decision }: AccessRequest): Decision => ({
  verdict: 'refused',
  reasons: ['The grant could not be activated because the workflow failed.'],
  policyDigest: decision.policyDigest,
  trace: decision.trace,
});

/** On the grant's own role, and on each into which its sessions went on. Whichever fails, the others are ended. */
const killAll = async (
  request: RequestIn<'ending'>,
  ports: RevokePorts,
): Promise<{ how: RequestIn<'ended'>['how']; chained: readonly ChainedEnd[] }> => {
  const [own, onward] = await Promise.allSettled([killSessions(request, ports), endChain(request, ports)]);
  if (own.status === 'rejected') throw own.reason;
  if (onward.status === 'rejected') throw onward.reason;
  return { how: own.value, chained: onward.value };
};

const killSessions = async (request: RequestIn<'ending'>, ports: RevokePorts): Promise<RequestIn<'ended'>['how']> => {
  const coversUntil = coveredUntil(request.minted);
  if (coversUntil === undefined) return 'no-session';
  if (isPastByBothClocks(coversUntil, ports.clock.nowMs())) return 'sessions-expired';
  const entry = {
    grantId: request.id,
    personId: request.personId,
    revokedAt: request.end.at,
    coversUntil,
    ...lastIssue(request.minted),
  };
  const roleArn = roleArnOf(request);
  // Others whose sessions it ended, because the policy ran over, are told by the sweeper, which hears of every write.
  return deathBy(await applyLedger({ roleArn, entry }, ports));
};
