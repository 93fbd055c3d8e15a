import { longestAskedBeforeMs } from '#core/grant/session.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenStatus } from '#ports/request-store.ts';

/**
 * A person's requests in these statuses, newest first. They are looked for among their own, as far back as one can
 * wait, start and last, and never among everybody's. Throws `StoreUnavailable`.
 */
export const openRequestsOf = async (
  { personId, statuses }: { personId: string; statuses: readonly OpenStatus[] },
  { clock, requests }: Pick<Ports, 'clock' | 'requests'>,
): Promise<AccessRequest[]> => {
  const open = await requests.openOf(personId, clock.nowMs() - longestAskedBeforeMs);
  return open.filter(({ status }) => statuses.some((each) => each === status));
};
