import { covers, type LockdownScope } from '#core/lockdown/lockdown.ts';
import { type LockdownSubject, subjectFrom, subjectText } from '#core/lockdown/subject.ts';
import type { Hit } from '#core/lockdown/tally.ts';
import { isClosed } from '#core/request/moves.ts';
import type { Ports } from '#ports/ports.ts';
import type { ChangePorts } from '#usecases/change-request.ts';
import { reportRevocationFailure } from '#usecases/revoke/report-revocation-failure.ts';

/**
 * Makes it visible which of a slice could not be ended; those that were are counted as such. What the lockdown does not
 * cover, and only lost a vote or did not, is none of them. The sweeper goes on trying. Idempotent. Throws
 * `StoreUnavailable`.
 */
export const reportLockedFailure = async (
  { lockdownId, subjects, error }: { lockdownId: string; subjects: readonly string[]; error: string },
  ports: ChangePorts & Pick<Ports, 'clock' | 'log' | 'lockdowns'>,
): Promise<void> => {
  const [lockdown, hitsBefore] = await Promise.all([ports.lockdowns.get(lockdownId), ports.lockdowns.hits(lockdownId)]);
  const known = new Map(hitsBefore.map(({ subject, outcome }) => [subjectText(subject), outcome]));
  const left = subjects.filter((subject) => !['verified', 'closed'].includes(known.get(subject) ?? 'found'));
  const standing = left.map((subject) => standingOf(lockdown?.scope, subjectFrom(subject), error, ports));
  const hits = (await Promise.all(standing)).flat();
  ports.log.error('A lockdown could not end everything; the sweeper goes on.', { lockdownId, subjects: left, error });
  await ports.lockdowns.note(lockdownId, hits);
};

const standingOf = async (
  scope: LockdownScope | undefined,
  subject: LockdownSubject,
  error: string,
  ports: ChangePorts & Pick<Ports, 'clock' | 'log'>,
): Promise<Hit[]> => {
  const request = subject.kind === 'request' ? await ports.requests.get(subject.requestId) : undefined;
  if (request && scope && !covers(scope, request)) return [];
  if (request && isClosed(request.status)) {
    return [{ subject, outcome: request.status === 'ended' ? 'verified' : 'closed' }];
  }
  if (request) await reportRevocationFailure({ requestId: request.id, error }, ports);
  return [{ subject, outcome: 'failed' }];
};
