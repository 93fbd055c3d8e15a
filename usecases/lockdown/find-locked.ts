import { roleArnOf } from '#core/aws-role.ts';
import { DaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import { lockdownEvent } from '#core/lockdown/change.ts';
import { covers, type Lockdown } from '#core/lockdown/lockdown.ts';
import { rolesUnder } from '#core/lockdown/name-scope.ts';
import { inSlices, pageSize, sliceSize } from '#core/lockdown/pages.ts';
import { type LockdownSubject, subjectText } from '#core/lockdown/subject.ts';
import { type Hit, progressOf } from '#core/lockdown/tally.ts';
import { isClosed } from '#core/request/moves.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { mayBeStruck, restsOn } from '#core/request/strike.ts';
import type { Ports } from '#ports/ports.ts';
import { lent, openRequests, waiting } from './preview-lockdown.ts';

type FindPorts = Pick<Ports, 'clock' | 'policy' | 'requests' | 'lockdowns' | 'outbox'>;

/**
 * The next page of what a lockdown has to end, in slices for the workflow's Map: roles first, then what is lent in the
 * order of its roles, so that the ends of one role are written together, then what only waits. Nothing where all is
 * done, where only failures are left, and where it was lifted. After what it covers comes what rests on the votes of
 * its person. Throws `NotFound`, `StoreUnavailable`, `PolicyUnreadable`.
 */
export const findLocked = async (
  { lockdownId }: { lockdownId: string },
  ports: FindPorts,
): Promise<{ slices: string[][] }> => {
  const [lockdown, hits] = await Promise.all([ports.lockdowns.get(lockdownId), ports.lockdowns.hits(lockdownId)]);
  if (!lockdown) throw new DaypassError('NotFound', `There is no lockdown ${lockdownId}.`);
  if (lockdown.status === 'lifted') return { slices: [] };
  await tellProgress(lockdown, hits, ports);
  const settled = new Set(hits.filter(({ outcome }) => outcome !== 'found').map(({ subject }) => subjectText(subject)));
  const roles = rolesUnder(await ports.policy.current(), lockdown.scope);
  const unsettled = (open: readonly AccessRequest[]): LockdownSubject[] =>
    open
      .filter((each) => covers(lockdown.scope, each) && !settled.has(each.id))
      .sort(byRole)
      .map(({ id }) => ({ kind: 'request', requestId: id }));
  const lentNow = await openRequests(lent, ports);
  const met: readonly LockdownSubject[] = [
    ...roles.filter((arn) => !settled.has(arn)).map((roleArn) => ({ kind: 'role', roleArn }) as const),
    ...unsettled(lentNow),
  ];
  const first = await stillOpen(met, ports);
  // What only waits gives nobody anything under a lockdown, and there may be thousands of it: it is read last.
  const waitingNow = first.length > 0 ? [] : await openRequests(waiting, ports);
  const subjects = first.length > 0 ? first : await stillOpen(unsettled(waitingNow), ports);
  await ports.lockdowns.note(
    lockdownId,
    subjects.map((subject): Hit => ({ subject, outcome: 'found' })),
  );
  // What ends access comes first; whose approvals no longer count is asked at each decision anyhow.
  const ids =
    subjects.length > 0
      ? subjects.map(subjectText)
      : approvedUnder(lockdown, [...waitingNow, ...lentNow]).slice(0, pageSize);
  return { slices: inSlices(ids) };
};

/** What others asked for and somebody approved who is locked down. */
const approvedUnder = ({ scope }: Lockdown, open: readonly AccessRequest[]): string[] =>
  scope.kind === 'person'
    ? open
        .filter((request) => !covers(scope, request) && mayBeStruck(request) && restsOn(request, scope.personId))
        .map(({ id }) => id)
    : [];

const byRole = (one: AccessRequest, other: AccessRequest): number => {
  const [a, b] = [`${roleArnOf(one)} ${one.id}`, `${roleArnOf(other)} ${other.id}`];
  return a < b ? -1 : 1;
};

/** One page. Each is read by itself: the index may be behind, and what is closed by now needs nothing. */
const stillOpen = async (subjects: readonly LockdownSubject[], { requests }: FindPorts): Promise<LockdownSubject[]> => {
  const isOpen = async (subject: LockdownSubject): Promise<boolean> => {
    if (subject.kind === 'role') return true;
    const request = await requests.get(subject.requestId);
    return request !== undefined && !isClosed(request.status);
  };
  const page: LockdownSubject[] = [];
  for (let first = 0; first < subjects.length && page.length < pageSize; first += sliceSize) {
    const some = subjects.slice(first, first + sliceSize);
    const areOpen = await Promise.all(some.map(isOpen));
    page.push(...some.filter((_, index) => areOpen[index]));
  }
  return page.slice(0, pageSize);
};

/** Each look is an event of its own; how far it is by then is said once in a lockdown's thread, whoever looked. */
const tellProgress = async (lockdown: Lockdown, hits: readonly Hit[], { clock, outbox }: FindPorts): Promise<void> => {
  if (hits.length === 0 || lockdown.finished?.progress === progressOf(hits)) return;
  const at = toIso(clock.nowMs());
  const eventId = `${lockdown.id}.${lockdown.version}.progress.${progressOf(hits)}.${at}`;
  await outbox.announce([lockdownEvent('lockdown.progressed', lockdown, { eventId, at })]);
};
