import { isDaypassError } from '#core/errors.ts';
import { type Count, tooManyWait } from '#core/limits.ts';
import type { Outcome } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { openRequestsOf } from './open-requests.ts';

/**
 * Saves one more that waits. What is answered, taken back or lapses takes nothing off the count; only where it is full
 * is looked at what truly waits. So the limit costs no call before it is reached, and no end of a request writes to it.
 */
export const withRoomToWait = async <T>(
  waiting: Count,
  save: () => Promise<Outcome<T>>,
  ports: Pick<Ports, 'clock' | 'requests'>,
): Promise<Outcome<T>> => {
  try {
    return await save();
  } catch (error) {
    if (!isDaypassError(error, 'LimitReached') || error.cause !== waiting) throw error;
  }
  const { who: personId, most } = waiting;
  const wait = await openRequestsOf({ personId, statuses: ['pending'] }, ports);
  if (wait.length >= most) return tooManyWait(waiting, wait.at(-1));
  await ports.requests.recount(waiting, wait.length);
  return save();
};
