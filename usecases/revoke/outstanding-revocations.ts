import type { Alert } from '#core/alert/alert.ts';
import { accessEndsAt } from '#core/grant/grant.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { graceMs } from './grace.ts';

/** Since when nobody should get in any more; undefined where no revocation is due. */
const revocableSince = (request: AccessRequest | undefined): string | undefined =>
  request?.status === 'active' || request?.status === 'ending' ? accessEndsAt(request) : undefined;

const revokeAskedAt = (alert: Alert | undefined): string | undefined =>
  alert?.status === 'answered' && alert.answer.action === 'revoke' ? alert.answer.at : undefined;

/**
 * How many grants and alerts there are whose revocation is due for more than a minute and does not hold. Each is read
 * by itself: the index that lists them may be behind what was written a moment ago. Throws `StoreUnavailable`.
 */
export const outstandingRevocations = async ({
  clock,
  requests,
  alerts,
}: Pick<Ports, 'clock' | 'requests' | 'alerts'>): Promise<number> => {
  const overdue = (since: string | undefined): boolean =>
    since !== undefined && clock.nowMs() - Date.parse(since) > graceMs;
  const [active, ending, open] = await Promise.all([
    requests.withStatus('active'),
    requests.withStatus('ending'),
    alerts.open(),
  ]);
  let count = 0;
  for (const { id } of [...active, ...ending].filter((request) => overdue(revocableSince(request)))) {
    if (overdue(revocableSince(await requests.get(id)))) count++;
  }
  for (const { id } of open.filter((alert) => overdue(revokeAskedAt(alert)))) {
    if (overdue(revokeAskedAt(await alerts.get(id)))) count++;
  }
  return count;
};
