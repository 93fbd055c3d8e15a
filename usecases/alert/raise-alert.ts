import type { Alert } from '#core/alert/alert.ts';
import { alertIdOf, folded, raised } from '#core/alert/fold.ts';
import type { Finding } from '#core/detection/finding.ts';
import { toIso } from '#core/instant.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';
import { alertsIn } from './change-alert.ts';

/**
 * Makes a finding an alert, or part of the one that is there already. The same event again is nothing, also after the
 * process died in the middle. Throws `StoreUnavailable`, and `VersionConflict` in a storm: both to be delivered again.
 */
export const raiseAlert = (finding: Finding, ports: Pick<Ports, 'clock' | 'alerts' | 'outbox'>): Promise<Alert> => {
  const { read, save } = alertsIn(ports);
  return untilSaved(async () => {
    const at = toIso(ports.clock.nowMs());
    for (let generation = 0; ; generation++) {
      const id = alertIdOf(finding, generation);
      const alert = await read(id);
      if (!alert) return save(raised(id, finding, at), alert);
      const outcome = folded(alert, finding, at);
      if (outcome.is === 'nothing') return alert;
      if (outcome.is === 'changed') return save(outcome.change, alert);
    }
  });
};
