import type { Alert } from '#core/alert/alert.ts';
import { closed } from '#core/alert/answer.ts';
import { toIso } from '#core/instant.ts';
import type { Ports } from '#ports/ports.ts';
import { changeAlert } from './change-alert.ts';

/** What a closed alert says where nothing had to be done. */
const withoutDeed = {
  expected: 'It was expected.',
  unanswered: 'Nobody answered in time, and nothing was done.',
  revoke: 'It was revoked.',
} as const;

/**
 * Closes an answered alert with what was done, one sentence for people. One that is still open, or closed already, is
 * left as it is. Throws `NotFound`, `StoreUnavailable`, `VersionConflict`.
 */
export const closeAlert = (
  { alertId, result }: { alertId: string; result?: string },
  ports: Pick<Ports, 'clock' | 'alerts' | 'outbox'>,
): Promise<Alert> =>
  changeAlert(
    alertId,
    (alert) =>
      alert.status === 'answered'
        ? closed(alert, result ?? withoutDeed[alert.answer.action], toIso(ports.clock.nowMs()))
        : undefined,
    ports,
  );
