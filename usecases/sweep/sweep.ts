import type { Ledger } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { type SettlePorts, settleAlerts } from '#usecases/alert/settle-alerts.ts';
import type { FollowPorts } from '#usecases/chain/follow-chain.ts';
import { settleChains } from '#usecases/chain/settle-chains.ts';
import { lapseRequest } from '#usecases/decide/lapse-request.ts';
import { type SettleLockdownPorts, settleLockdowns } from '#usecases/lockdown/settle-lockdowns.ts';
import { endDeniedGrants } from '#usecases/revoke/end-denied-grants.ts';
import { graceMs } from '#usecases/revoke/grace.ts';
import { outstandingRevocations } from '#usecases/revoke/outstanding-revocations.ts';
import { reportRevocationFailure } from '#usecases/revoke/report-revocation-failure.ts';
import { type RevokePorts, revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { startAccessRequest } from '#usecases/workflow/start-workflow.ts';
import { type LedgerSweepPorts, type SweptLedgers, sweepLedgers } from './sweep-ledgers.ts';

type SweepPorts = RevokePorts & SettlePorts & FollowPorts & LedgerSweepPorts & SettleLockdownPorts;

/** Requests that are put right at the same time, so that one unreachable account does not keep the others waiting. */
const atOnce = 10;

export type Swept = { published: number; mended: string[] };

/**
 * Puts right whatever a lost event, a dead process or a stopped execution left behind: events that were saved and not
 * published, requests without an execution, requests past their time, grants past their end, revocations that do not
 * hold yet, lockdowns that have not ended everything, alerts whose workflow is gone, a deny that is not as Daypass left it,
 * grants that live and are denied, roles into which sessions of an ended grant went on. Idempotent, and safe beside the
 * workflow. One request's trouble does not keep the others waiting.
 */
export const sweep = async (ports: SweepPorts): Promise<Swept> => {
  const published = await ports.outbox.publishLeftovers().catch((error: unknown) => {
    ports.log.error('The sweeper could not publish what the outbox holds; it goes on with the rest.', {
      error: String(error),
    });
    return 0;
  });
  const open = await openRequests(ports);
  const requests = await mendAll(open, ports);
  const lockdowns = await settleLockdowns(ports);
  const alerts = await settleAlerts(ports);
  const { ledgers: all, ...ledgers } = await denies(ports);
  const refused = await endDeniedGrants({ ledgers: all, requests: open }, ports);
  const chains = await settleChains(ports);
  const mended = [...requests, ...lockdowns, ...alerts, ...ledgers.mended, ...refused, ...chains];
  // Also when it is none: an alarm rings when the sweeper falls silent.
  // A role that could not be put right may or may not be one that a grant waits for.
  ports.metrics.record('RevocationsOutstanding', Math.max(await outstandingRevocations(ports), ledgers.failing.length));
  return { published, mended };
};

/** With the ledgers as they were before it; none where they could not be read. */
const denies = async (ports: SweepPorts): Promise<SweptLedgers & { ledgers: readonly Ledger[] }> => {
  let ledgers: readonly Ledger[] = [];
  try {
    ledgers = await ports.ledgers.all();
    return { ...(await sweepLedgers(ports, ledgers)), ledgers };
  } catch (error) {
    ports.log.error('The sweeper could not look at the ledgers; it will try again.', { error: String(error) });
    return { mended: [], failing: [], ledgers };
  }
};

const openRequests = async ({ requests }: SweepPorts): Promise<AccessRequest[]> => {
  const statuses = ['pending', 'approved', 'active', 'ending'] as const;
  return (await Promise.all(statuses.map((status) => requests.withStatus(status)))).flat();
};

/** Returns the ids of those that had to be put right. */
const mendAll = async (open: readonly AccessRequest[], ports: SweepPorts): Promise<string[]> => {
  const mended: string[] = [];
  for (let first = 0; first < open.length; first += atOnce) {
    const batch = open.slice(first, first + atOnce);
    const results = await Promise.all(batch.map((request) => mendOrLog(request, ports)));
    mended.push(...batch.filter((_, index) => results[index]).map(({ id }) => id));
  }
  return mended;
};

const mendOrLog = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> => {
  try {
    return await mend(request, ports);
  } catch (error) {
    ports.log.error('The sweeper could not put a request right; it will try again.', {
      requestId: request.id,
      error: String(error),
    });
    return false;
  }
};

/** The same for one request: after its execution failed, was stopped or timed out. */
export const sweepOne = async ({ requestId }: { requestId: string }, ports: SweepPorts): Promise<void> => {
  const request = await ports.requests.get(requestId);
  if (request) await mend(request, ports);
};

const mend = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> => {
  const nowMs = ports.clock.nowMs();
  const since = (at: string): number => nowMs - Date.parse(at);
  switch (request.status) {
    case 'pending':
      if (since(request.lapsesAt) > graceMs) return lapseNow(request, ports);
      return since(request.askedAt) > graceMs && startIfAbsent(request, ports);
    case 'approved':
      if (since(request.approvedAt) <= graceMs) return false;
      return (await startIfAbsent(request, ports)) || (await revokeIfOver(request, ports));
    case 'active':
      if (since(request.grant.endsAt) > graceMs) return revoke(request, ports);
      return revokeIfOver(request, ports);
    case 'ending':
      return since(request.end.at) > graceMs ? revoke(request, ports) : revokeIfOver(request, ports);
    default:
      return false;
  }
};

const lapseNow = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> => {
  await lapseRequest({ requestId: request.id }, ports);
  return true;
};

const startIfAbsent = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> => {
  if ((await ports.workflows.status('access-request', request.id)) !== 'absent') return false;
  await startAccessRequest({ requestId: request.id }, ports);
  return true;
};

const revokeIfOver = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> =>
  (await ports.workflows.status('access-request', request.id)) === 'running' ? false : revoke(request, ports);

const revoke = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> => {
  try {
    await revokeSessions({ requestId: request.id }, ports);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await reportRevocationFailure({ requestId: request.id, error: reason }, ports);
  }
  return true;
};
