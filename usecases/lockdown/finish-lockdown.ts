import { DaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import { finished } from '#core/lockdown/change.ts';
import { tallyOf } from '#core/lockdown/tally.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';

/**
 * Says that nothing more was found under a lockdown, and how many of it could not be ended. It stays in force. Telling
 * the same again is nothing. Throws `NotFound`, `StoreUnavailable`.
 */
export const finishLockdown = (
  { lockdownId }: { lockdownId: string },
  { clock, lockdowns, outbox }: Pick<Ports, 'clock' | 'lockdowns' | 'outbox'>,
): Promise<{ failed: number }> =>
  untilSaved(async () => {
    const [lockdown, hits] = await Promise.all([lockdowns.get(lockdownId), lockdowns.hits(lockdownId)]);
    if (!lockdown) throw new DaypassError('NotFound', `There is no lockdown ${lockdownId} to finish.`);
    const change = finished(lockdown, hits, toIso(clock.nowMs()));
    if (change) {
      await lockdowns.save(change);
      await outbox.publish(change.events);
    }
    return { failed: tallyOf(hits).failed.length };
  });
