import { type LockdownSubject, subjectFrom, subjectText } from '#core/lockdown/subject.ts';
import type { Hit } from '#core/lockdown/tally.ts';
import { isClosed } from '#core/request/moves.ts';
import type { Ports } from '#ports/ports.ts';
import type { ChangePorts } from '#usecases/change-request.ts';
import { reportRevocationFailure } from '#usecases/revoke/report-revocation-failure.ts';

/**
 * Makes it visible which of a slice could not be ended; those that were are counted as such. The sweeper goes on
 * trying. Idempotent. Throws `StoreUnavailable`.
 */
export const reportLockedFailure = async (
  { lockdownId, subjects, error }: { lockdownId: string; subjects: readonly string[]; error: string },
  ports: ChangePorts & Pick<Ports, 'clock' | 'log' | 'lockdowns'>,
): Promise<void> => {
  const hitsBefore = await ports.lockdowns.hits(lockdownId);
  const known = new Map(hitsBefore.map(({ subject, outcome }) => [subjectText(subject), outcome]));
  const left = subjects.filter((subject) => !['verified', 'closed'].includes(known.get(subject) ?? 'found'));
  const hits = await Promise.all(left.map((subject) => standingOf(subjectFrom(subject), error, ports)));
  ports.log.error('A lockdown could not end everything; the sweeper goes on.', { lockdownId, subjects: left, error });
  await ports.lockdowns.note(lockdownId, hits);
};

const standingOf = async (
  subject: LockdownSubject,
  error: string,
  ports: ChangePorts & Pick<Ports, 'clock' | 'log'>,
): Promise<Hit> => {
  const request = subject.kind === 'request' ? await ports.requests.get(subject.requestId) : undefined;
  if (request && isClosed(request.status)) {
    return { subject, outcome: request.status === 'ended' ? 'verified' : 'closed' };
  }
  if (request) await reportRevocationFailure({ requestId: request.id, error }, ports);
  return { subject, outcome: 'failed' };
};
