import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenStatus } from '#ports/request-store.ts';

/** A person's requests in these statuses, newest first, however many they asked since. Throws `StoreUnavailable`. */
export const openRequestsOf = async (
  { personId, statuses }: { personId: string; statuses: readonly OpenStatus[] },
  { requests }: Pick<Ports, 'requests'>,
): Promise<AccessRequest[]> => {
  const open = await Promise.all(statuses.map((status) => requests.withStatus(status)));
  return ofPerson(personId, open.flat());
};

export const ofPerson = (personId: string, all: readonly AccessRequest[]): AccessRequest[] =>
  all.filter((request) => request.personId === personId).sort((a, b) => (a.id < b.id ? 1 : -1));
