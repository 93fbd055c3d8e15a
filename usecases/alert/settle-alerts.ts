import type { Alert } from '#core/alert/alert.ts';
import type { Ports } from '#ports/ports.ts';
import { graceMs } from '#usecases/revoke/grace.ts';
import { startAlertResponse } from '#usecases/workflow/start-workflow.ts';
import { closeAlert } from './close-alert.ts';
import { expireAlert } from './expire-alert.ts';
import { reportAlertFailure } from './report-alert-failure.ts';
import { revokeAlert } from './revoke-alert.ts';

export type SettlePorts = Pick<
  Ports,
  'clock' | 'pause' | 'log' | 'metrics' | 'policy' | 'alerts' | 'outbox' | 'ledgers' | 'targetRoles' | 'workflows'
>;

/**
 * Puts right the alerts whose execution never began, failed or was stopped: it is begun, the policy answers what nobody
 * did, what was answered is done. Idempotent, and safe beside the workflow. Returns the ids of those it mended.
 */
export const settleAlerts = async (ports: SettlePorts): Promise<string[]> => {
  const mended: string[] = [];
  for (const alert of await ports.alerts.open()) {
    try {
      if (await settle(alert, ports)) mended.push(alert.id);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await report(alert.id, reason, ports);
    }
  }
  return mended;
};

/** One alert that cannot even be reported must not keep the others from being settled. */
const report = async (alertId: string, error: string, ports: SettlePorts): Promise<void> => {
  try {
    await reportAlertFailure({ alertId, error }, ports);
  } catch (unreported) {
    ports.log.error('The failure of an alert could not be saved.', {
      alertId,
      error,
      because: unreported instanceof Error ? unreported.message : String(unreported),
    });
  }
};

const settle = async (alert: Alert, ports: SettlePorts): Promise<boolean> => {
  const alertId = alert.id;
  const since = alert.status === 'open' ? alert.raisedAt : alert.answer.at;
  if (ports.clock.nowMs() - Date.parse(since) <= graceMs) return false;
  const execution = await ports.workflows.status('alert-response', alertId);
  if (execution === 'running') return false;
  if (execution === 'absent') {
    await startAlertResponse({ alertId }, ports);
    return true;
  }
  const { alerts } = await ports.policy.current();
  if (alert.status === 'open' && ports.clock.nowMs() - Date.parse(since) <= alerts.revokeAfterSec * 1000) return false;
  const { action } = await expireAlert({ alertId }, ports);
  await closeAlert({ alertId, ...(action === 'revoke' && (await revokeAlert({ alertId }, ports))) }, ports);
  return true;
};
