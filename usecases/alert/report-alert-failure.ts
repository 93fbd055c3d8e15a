import { failed } from '#core/alert/answer.ts';
import { toIso } from '#core/instant.ts';
import type { Ports } from '#ports/ports.ts';
import { changeAlert } from './change-alert.ts';

/**
 * Makes it visible that what Revoke asked for could not be done; `settleAlerts` goes on trying. Throws
 * `StoreUnavailable`.
 */
export const reportAlertFailure = async (
  { alertId, error }: { alertId: string; error: string },
  ports: Pick<Ports, 'clock' | 'alerts' | 'outbox' | 'log'>,
): Promise<void> => {
  ports.log.error('An alert was answered with Revoke, and it could not be done.', { alertId, error });
  await changeAlert(
    alertId,
    (alert) => (alert.status === 'answered' ? failed(alert, error, toIso(ports.clock.nowMs())) : undefined),
    ports,
  );
};
