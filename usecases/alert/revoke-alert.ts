import type { Alert } from '#core/alert/alert.ts';
import { mayHaveMore } from '#core/alert/fold.ts';
import { remedyOf } from '#core/alert/remedy.ts';
import { commandName } from '#core/command-name.ts';
import { deadByOf, type FoundSession } from '#core/detection/finding.ts';
import { DaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import type { LedgerEntry } from '#core/ledger/ledger.ts';
import { allDeadBy } from '#core/ledger/lifetime.ts';
import type { Ports } from '#ports/ports.ts';
import { type Applied, applyLedger, type LedgerPorts } from '#usecases/revoke/apply-ledger.ts';

/**
 * A grant's sessions by their tag; a session that no grant vouches for by its `aws:userid`, so that nobody else is
 * hit.
 */
const entryFor = (session: FoundSession, revokedAt: string): LedgerEntry => ({
  revokedAt,
  coversUntil: deadByOf(session),
  ...(session.grantId !== undefined ? { grantId: session.grantId } : { userId: session.userId }),
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

/** Says what was done, for people. Whatever it says of a deny is built from what was seen on the role. */
const remedied = async (alert: Alert, ports: LedgerPorts): Promise<string> => {
  const { roleArn } = alert.first;
  // Whatever was issued to a session's name after the answer was not seen by the one who answered.
  const revokedAt = 'answer' in alert ? alert.answer.at : toIso(ports.clock.nowMs());
  const coversUntil = allDeadBy(revokedAt);
  switch (remedyOf(alert)) {
    case 'end-sessions': {
      const entries = alert.sessions.map((session) => entryFor(session, revokedAt));
      if (!mayHaveMore(alert)) return endedText(alert, await applyLedger({ roleArn, entries }, ports));
      const everySession = { revokedAt, coversUntil, cause: { kind: 'alert' } } as const;
      return everyoneText(alert, await applyLedger({ roleArn, entries, everySession }, ports));
    }
    case 'end-ungranted':
      return ungrantedText(await applyLedger({ roleArn, entry: { ungranted: true, revokedAt, coversUntil } }, ports));
    case 'restore-deny':
      return restoredText(await applyLedger({ roleArn }, ports));
    case 'nothing':
      return 'There was nothing that Daypass could revoke. Put it right in the account.';
  }
};

const said = ({ outcome }: Applied, words: string): string =>
  outcome === 'in-force'
    ? words
    : 'The role is not there any more, so no session of it works, and there was nothing to write.';

const endedText = ({ sessions }: Alert, applied: Applied): string => {
  const ended = sessions.length === 1 ? 'The session is' : `The ${sessions.length} sessions are`;
  return said(applied, `${ended} denied, and the deny was read back from the role.`);
};

const everyoneText = ({ sessions }: Alert, applied: Applied): string =>
  said(
    applied,
    `There were more sessions than the ${sessions.length} that an alert keeps, so the whole role was revoked: every session that began before the answer is denied, and the deny was read back from the role. Grants on it go on, and mint again.`,
  );

const ungrantedText = (applied: Applied): string =>
  said(
    applied,
    'Every session of the role that carries no grant is denied, and the deny was read back from the role. ' +
      `Daypass does not write trust policies: see with \`${commandName} doctor\` who may take the role, and put it right in the account.`,
  );

const restoredText = (applied: Applied): string =>
  said(applied, 'The deny policy says what is revoked on the role, and that was read back from it.');
