import type { Alert } from '#core/alert/alert.ts';
import { remedyOf } from '#core/alert/remedy.ts';
import type { FoundSession } from '#core/detection/finding.ts';
import { DaypassError } from '#core/errors.ts';
import { addMs, toIso } from '#core/instant.ts';
import type { LedgerEntry } from '#core/ledger/ledger.ts';
import { longestSessionMs } from '#core/ledger/longest-session.ts';
import type { Ports } from '#ports/ports.ts';
import { applyLedger, type LedgerPorts } from '#usecases/revoke/apply-ledger.ts';

/**
 * A grant's sessions by their tag; a session that no grant vouches for by its `aws:userid`, so that nobody else is
 * hit.
 */
const entryFor = ({ grantId, userId, expiresBy }: FoundSession, revokedAt: string): LedgerEntry => ({
  revokedAt,
  coversUntil: expiresBy,
  ...(grantId !== undefined ? { grantId } : { userId }),
});

/**
 * Does what Revoke on this alert means, and says what that was. Returns only when the deny was read back. Idempotent.
 * Throws `NotFound`, and what `applyLedger` throws: to be tried again.
 */
export const revokeAlert = async (
  { alertId }: { alertId: string },
  ports: LedgerPorts & Pick<Ports, 'alerts' | 'metrics'>,
): Promise<{ result: string }> => {
  const alert = await ports.alerts.get(alertId);
  if (!alert) throw new DaypassError('NotFound', `There is no alert ${alertId} to revoke for.`);
  const result = await remedied(alert, ports);
  if ('answer' in alert && remedyOf(alert) !== 'nothing') {
    ports.metrics.record('RevocationSeconds', (ports.clock.nowMs() - Date.parse(alert.answer.at)) / 1000);
  }
  return { result };
};

/** Says what was done, for people. */
const remedied = async (alert: Alert, ports: LedgerPorts): Promise<string> => {
  const { roleArn } = alert.first;
  switch (remedyOf(alert)) {
    case 'end-sessions': {
      // Whatever was issued to this session's name after the answer was not seen by the one who answered.
      const revokedAt = 'answer' in alert ? alert.answer.at : toIso(ports.clock.nowMs());
      for (const session of alert.sessions) {
        await applyLedger({ roleArn, entry: entryFor(session, revokedAt) }, ports);
      }
      return endedText(alert);
    }
    case 'end-ungranted': {
      const revokedAt = 'answer' in alert ? alert.answer.at : toIso(ports.clock.nowMs());
      const coversUntil = addMs(revokedAt, longestSessionMs);
      await applyLedger({ roleArn, entry: { ungranted: true, revokedAt, coversUntil } }, ports);
      return (
        'Every session of the role that carries no grant is denied, and the deny was read back from the role. ' +
        'The trust policy is still as it was changed: put it right in the account.'
      );
    }
    case 'restore-deny':
      await applyLedger({ roleArn }, ports);
      return 'The deny policy was written again from what is revoked on the role, and read back.';
    case 'nothing':
      return 'There was nothing that Daypass could revoke. Put it right in the account.';
  }
};

const endedText = ({ sessions, count }: Alert): string => {
  const ended = sessions.length === 1 ? 'The session is' : `The ${sessions.length} sessions are`;
  const missed =
    count >= sessions.length && sessions.length >= 50
      ? ' There may have been more: revoke the whole role in the console.'
      : '';
  return `${ended} denied, and the deny was read back from the role.${missed}`;
};
