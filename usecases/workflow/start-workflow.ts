import { addSec } from '#core/instant.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import type { Machine } from '#ports/workflows.ts';

/** The input of `access-request`: always the same for the same request, so that starting twice is nothing. */
const inputOf = (request: AccessRequest): Readonly<Record<string, string>> => ({
  approval: request.decision.verdict === 'allowed' ? 'none' : 'needed',
  lapsesAt: request.lapsesAt,
});

/** Starts the workflow of a saved request. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`. */
export const startAccessRequest = async (
  { requestId }: { requestId: string },
  ports: Pick<Ports, 'requests' | 'workflows'>,
): Promise<void> => {
  const request = await ports.requests.get(requestId);
  if (request?.status === 'pending' || request?.status === 'approved') {
    await ports.workflows.start('access-request', requestId, inputOf(request));
  }
};

/** Starts the workflow of a lockdown that is in force. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`. */
export const startLockdown = async (
  { lockdownId }: { lockdownId: string },
  ports: Pick<Ports, 'lockdowns' | 'workflows'>,
): Promise<void> => {
  const lockdown = await ports.lockdowns.get(lockdownId);
  if (lockdown?.status === 'in-force') await ports.workflows.start('lockdown', lockdownId, {});
};

/**
 * Starts the workflow of a saved alert. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`,
 * `PolicyUnreadable`.
 */
export const startAlertResponse = async (
  { alertId }: { alertId: string },
  ports: Pick<Ports, 'alerts' | 'policy' | 'workflows'>,
): Promise<void> => {
  const [alert, policy] = await Promise.all([ports.alerts.get(alertId), ports.policy.current()]);
  if (!alert || alert.status === 'closed') return;
  const answerBy = addSec(alert.raisedAt, policy.alerts.revokeAfterSec);
  await ports.workflows.start('alert-response', alertId, { answerBy });
};

/** Starts the workflow `machine` of the request, alert or lockdown `name`. As the one for each. */
export const startWorkflow = (
  { machine, name }: { machine: Machine; name: string },
  ports: Pick<Ports, 'requests' | 'alerts' | 'lockdowns' | 'policy' | 'workflows'>,
): Promise<void> => {
  switch (machine) {
    case 'access-request':
      return startAccessRequest({ requestId: name }, ports);
    case 'alert-response':
      return startAlertResponse({ alertId: name }, ports);
    case 'lockdown':
      return startLockdown({ lockdownId: name }, ports);
  }
};
