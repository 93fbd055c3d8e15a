import type { Ledger } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { type SettlePorts, settleAlerts } from '#usecases/alert/settle-alerts.ts';
import type { FollowPorts } from '#usecases/chain/follow-chain.ts';
import { settleChains } from '#usecases/chain/settle-chains.ts';
import type { SettleLockdownPorts } from '#usecases/lockdown/settle-lockdown.ts';
import { settleLockdowns } from '#usecases/lockdown/settle-lockdowns.ts';
import { endDeniedGrants } from '#usecases/revoke/end-denied-grants.ts';
import { graceMs } from '#usecases/revoke/grace.ts';
import { outstandingRevocations } from '#usecases/revoke/outstanding-revocations.ts';
import type { RevokePorts } from '#usecases/revoke/revoke-sessions.ts';
import { type LedgerSweepPorts, type SweptLedgers, sweepLedgers } from '#usecases/revoke/sweep-ledgers.ts';
import { startAccessRequest } from '#usecases/workflow/start-workflow.ts';
import { type CheckAuditPorts, checkAudits } from './check-audits.ts';
import { type LookPorts, lookAtRoles } from './look-at-roles.ts';
import { settle } from './settle-request.ts';

type SweepPorts = RevokePorts &
  SettlePorts &
  FollowPorts &
  LedgerSweepPorts &
  SettleLockdownPorts &
  LookPorts &
  CheckAuditPorts;

/** Requests that are put right at the same time, so that one unreachable account does not keep the others waiting. */
const atOnce = 10;

export type Swept = { published: number; mended: string[] };

/**
 * Puts right whatever a lost event, a dead process or a stopped execution left behind: events that were saved and not
 * published, requests without an execution, requests past their time, grants past their end, revocations that do not
 * hold yet, lockdowns that have not ended everything, alerts whose workflow is gone, a deny that is not as Daypass left
 * it, grants that live and are denied, roles into which sessions of an ended grant went on. Tells of roles that are not
 * as onboarded, and of records that are not as written. Idempotent, and safe beside the workflow. One request's trouble
 * does not keep the others waiting.
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
  await lookAtRoles(ports);
  await checkAudits(ports);
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

const mend = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> =>
  (await startIfAbsent(request, ports)) || settle(request, ports);

/** Starts the workflow of a request that nobody has started. */
const startIfAbsent = async (request: AccessRequest, ports: SweepPorts): Promise<boolean> => {
  if (!shouldRun(request, ports.clock.nowMs())) return false;
  if ((await ports.workflows.status('access-request', request.id)) !== 'absent') return false;
  await startAccessRequest({ requestId: request.id }, ports);
  return true;
};

/** Neither about to be started nor so late that it would only lapse. */
const shouldRun = (request: AccessRequest, nowMs: number): boolean => {
  const since = (at: string): number => nowMs - Date.parse(at);
  if (request.status === 'pending') return since(request.askedAt) > graceMs && since(request.lapsesAt) <= graceMs;
  return request.status === 'approved' && since(request.approvedAt) > graceMs;
};
