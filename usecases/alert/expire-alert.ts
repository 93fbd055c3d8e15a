import type { AlertAnswer } from '#core/alert/alert.ts';
import { answered } from '#core/alert/answer.ts';
import { isRevocable } from '#core/alert/remedy.ts';
import { toIso } from '#core/instant.ts';
import type { Ports } from '#ports/ports.ts';
import { changeAlert } from './change-alert.ts';

/**
 * Nobody answered in the policy's time: the policy answers. A critical alert that has something to revoke is revoked,
 * any other closes unanswered. An answer that came just in time stands. Returns the answer that counts.
 * Throws `NotFound`, `StoreUnavailable`, `VersionConflict`.
 */
export const expireAlert = async (
  { alertId }: { alertId: string },
  ports: Pick<Ports, 'clock' | 'alerts' | 'outbox'>,
): Promise<{ action: AlertAnswer['action'] }> => {
  const at = toIso(ports.clock.nowMs());
  const alert = await changeAlert(
    alertId,
    (now) => {
      if (now.status !== 'open') return undefined;
      const action = now.severity === 'critical' && isRevocable(now) ? 'revoke' : 'unanswered';
      return answered(now, { action, at });
    },
    ports,
  );
  return { action: alert.status === 'open' ? 'unanswered' : alert.answer.action };
};
