import type { Alert } from '#core/alert/alert.ts';
import type { AlertChange } from '#core/alert/fold.ts';
import { DaypassError } from '#core/errors.ts';
import { notFound } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { change, publishing, type Store } from '#usecases/change.ts';

export type AlertPorts = Pick<Ports, 'alerts' | 'outbox'>;

export const alertsIn = ({ alerts, outbox }: AlertPorts): Store<Alert | undefined, Alert, AlertChange> => ({
  read: (id) => alerts.get(id),
  save: async (change) => (await publishing(alerts.save, outbox)(change)).alert,
  publishLeftovers: (id) => outbox.publishLeftovers(id),
});

/**
 * Decides on the alert as it is stored, and saves the change if there is one. Throws `NotFound`, `StoreUnavailable`,
 * `VersionConflict`.
 */
export const changeAlert = async (
  alertId: string,
  decide: (alert: Alert) => AlertChange | undefined,
  ports: AlertPorts,
): Promise<Alert> => {
  const outcome = await change(alertsIn(ports), alertId, (alert) => {
    if (!alert) return notFound('alert');
    const next = decide(alert);
    return next ? { change: next } : { keep: alert };
  });
  if (!outcome.ok) throw new DaypassError('NotFound', `There is no alert ${alertId}.`);
  return outcome.value.state;
};
