import { lapse } from '#core/request/answer.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { changeRequest } from './change-request.ts';
import { reportRevocationFailure } from './report-revocation-failure.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { settleAlerts } from './settle-alerts.ts';
import { startAccessRequest } from './start-workflow.ts';

type SweepPorts = Pick<
  Ports,
  'clock' | 'pause' | 'log' | 'policy' | 'requests' | 'alerts' | 'outbox' | 'ledgers' | 'targetRoles' | 'workflows'
>;

/** The workflow gets this long to do by itself what the sweeper would do. */
const graceMs = 60_000;

/** Requests that are put right at the same time, so that one unreachable account does not keep the others waiting. */
const atOnce = 10;

export type Swept = { published: number; mended: string[] };

/**
 * Puts right whatever a lost event, a dead process or a stopped execution left behind: events that were saved and not
 * published, requests without an execution, requests past their time, grants past their end, revocations that do not
 * hold yet, alerts whose workflow is gone. Idempotent, and safe beside the workflow. One request's trouble does not keep the others waiting.
 */
export const sweep = async (ports: SweepPorts): Promise<Swept> => {
  const published = await ports.outbox.publishLeftovers().catch((error: unknown) => {
    ports.log.error('The sweeper could not publish what the outbox holds; it goes on with the rest.', {
      error: String(error),
    });
    return 0;
  });
  const open = (
    await Promise.all(
      (['pending', 'approved', 'active', 'ending'] as const).map((status) => ports.requests.withStatus(status)),
    )
  ).flat();
  const mended: string[] = [];
  for (let first = 0; first < open.length; first += atOnce) {
    await Promise.all(
      open.slice(first, first + atOnce).map(async (request) => {
        try {
          if (await mend(request, ports)) mended.push(request.id);
        } catch (error) {
          ports.log.error('The sweeper could not put a request right; it will try again.', {
            requestId: request.id,
            error: String(error),
          });
        }
      }),
    );
  }
  mended.push(...(await settleAlerts(ports)));
  return { published, mended };
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
  await changeRequest(
    request.id,
    (now) => (now.status === 'pending' ? { change: lapse(now, toIso(ports.clock.nowMs())) } : { keep: now }),
    ports,
  );
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
    await revokeSessions({ requestId: request.id, cause: 'workflow-failed' }, ports);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await reportRevocationFailure({ requestId: request.id, error: reason }, ports);
  }
  return true;
};
