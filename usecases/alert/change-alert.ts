import type { Alert } from '#core/alert/alert.ts';
import type { AlertChange } from '#core/alert/fold.ts';
import { DaypassError, isDaypassError } from '#core/errors.ts';
import type { Ports } from '#ports/ports.ts';

export type AlertPorts = Pick<Ports, 'alerts' | 'outbox'>;

/** Others may write between our read and our write; they get this many chances before the caller hears of it. */
const rounds = 10;

/** Saves a change and publishes what it caused. Throws `VersionConflict` when somebody else was quicker. */
export const saveAlert = async (change: AlertChange, { alerts, outbox }: AlertPorts): Promise<Alert> => {
  await alerts.save(change);
  await outbox.publish(change.events);
  return change.alert;
};

/** Runs `attempt` again from the start when somebody else wrote meanwhile. Throws `VersionConflict` if that never ends. */
export const untilSaved = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let round = 1; ; round++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDaypassError(error, 'VersionConflict') || round === rounds) throw error;
    }
  }
};

/**
 * Decides on the alert as it is stored, and saves the change if there is one. Throws `NotFound`, `StoreUnavailable`,
 * `VersionConflict`.
 */
export const changeAlert = (
  alertId: string,
  decide: (alert: Alert) => AlertChange | undefined,
  ports: AlertPorts,
): Promise<Alert> =>
  untilSaved(async () => {
    const alert = await ports.alerts.get(alertId);
    if (!alert) throw new DaypassError('NotFound', `There is no alert ${alertId}.`);
    const change = decide(alert);
    return change ? saveAlert(change, ports) : alert;
  });
