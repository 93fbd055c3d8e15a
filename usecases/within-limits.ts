import { isDaypassError } from '#core/errors.ts';
import { type Count, limitReached } from '#core/limits.ts';
import type { Outcome } from '#core/refusal.ts';

/** Does what saves these counts. Where one of them is full, nothing was saved, and the refusal says so. */
export const withinLimits = async <T>(
  counts: readonly Count[],
  nowMs: number,
  run: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> => {
  try {
    return await run();
  } catch (error) {
    const full = isDaypassError(error, 'LimitReached') ? counts.find((count) => count === error.cause) : undefined;
    if (!full) throw error;
    return limitReached(full, nowMs);
  }
};
