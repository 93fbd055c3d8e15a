import type { Alert } from '#core/alert/alert.ts';
import { alertIdOf, folded, raised } from '#core/alert/fold.ts';
import { type Group, placesFor } from '#core/alert/storm.ts';
import type { Finding } from '#core/detection/finding.ts';
import { inBrief } from '#core/detection/in-brief.ts';
import { isDaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';
import { alertsIn } from './change-alert.ts';

type RaisePorts = Pick<Ports, 'clock' | 'log' | 'alerts' | 'outbox'>;

/**
 * Makes a finding an alert, or part of the one that is there already. The same event again is nothing, also after the
 * process died in the middle. What cannot be stored is told by its ids alone. Throws `StoreUnavailable`, and
 * `VersionConflict` in a storm: both to be delivered again.
 */
export const raiseAlert = async (finding: Finding, ports: RaisePorts): Promise<Alert> => {
  try {
    return await raise(finding, ports);
  } catch (error) {
    if (!isDaypassError(error, 'StoreRefused')) throw error;
    const brief = inBrief(finding);
    const { detection, eventId } = brief;
    ports.log.error('A finding cannot be stored as it is, and is told by its ids alone.', {
      detection,
      eventId,
      because: error.message,
    });
    return raise(brief, ports);
  }
};

const isAdmitted = async (alertId: string, groups: readonly Group[], ports: RaisePorts): Promise<boolean> => {
  for (const group of groups) {
    if (!(await ports.alerts.admit(alertId, group, ports.clock.nowMs()))) return false;
  }
  return true;
};

const raise = (finding: Finding, ports: RaisePorts): Promise<Alert> => {
  const { read, save } = alertsIn(ports);
  return untilSaved(async () => {
    const at = toIso(ports.clock.nowMs());
    for (const { finding: placed, within } of placesFor(finding)) {
      for (let generation = 0; ; generation++) {
        const id = alertIdOf(placed, generation);
        const alert = await read(id);
        if (!alert) {
          if (await isAdmitted(id, within, ports)) return save(raised(id, placed, at), alert);
          break;
        }
        const outcome = folded(alert, placed, at);
        if (outcome.is === 'nothing') return alert;
        if (outcome.is === 'changed') return save(outcome.change, alert);
      }
    }
    throw new TypeError('The last place of a finding has room for it.');
  });
};
