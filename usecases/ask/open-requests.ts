import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenStatus } from '#ports/request-store.ts';

/** A policy may have let requests wait for longer when they were asked. */
const waitedAtLeastMs = 7 * 86_400_000;

/**
 * A person's requests in these statuses, newest first, however many they asked since. Those that wait are looked for
 * among their own, as far back as one can wait, and not among all that do. Throws `StoreUnavailable`.
 */
export const openRequestsOf = async (
  { personId, statuses }: { personId: string; statuses: readonly OpenStatus[] },
  { clock, policy, requests }: Pick<Ports, 'clock' | 'policy' | 'requests'>,
): Promise<AccessRequest[]> => {
  const theirs = async (): Promise<AccessRequest[]> => {
    const waitsMs = Math.max(waitedAtLeastMs, (await policy.current()).requests.lapseAfterSec * 1000);
    const nowMs = clock.nowMs();
    const [newest, since] = await Promise.all([
      requests.ofPerson(personId),
      requests.askedBetween(personId, nowMs - waitsMs, nowMs),
    ]);
    return [...newest, ...since].filter(({ status }) => status === 'pending');
  };
  const open = await Promise.all(
    statuses.map((status) => (status === 'pending' ? theirs() : requests.withStatus(status))),
  );
  return ofPerson(personId, open.flat());
};

/** Each once. */
export const ofPerson = (personId: string, all: readonly AccessRequest[]): AccessRequest[] =>
  [...new Map(all.map((request) => [request.id, request])).values()]
    .filter((request) => request.personId === personId)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
