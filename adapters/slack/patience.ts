import { Limited } from './pace.ts';
import { meaningOf, retryAfterMs } from './slack-errors.ts';

const backoffMs = 300;
const longestWaitMs = 1_500;

/**
 * How long to wait before the next try; undefined where it would be pointless, or longer than anybody should wait here.
 */
const waitMs = (error: unknown, round: number): number | undefined => {
  const askedMs = error instanceof Limited ? error.forMs : retryAfterMs(error);
  if (askedMs !== undefined) return askedMs <= longestWaitMs ? askedMs : undefined;
  return meaningOf(error) === 'passing' ? backoffMs * round : undefined;
};

/** Runs until it works, `tries` times at most; `run` gets the number of the try. Throws what the last one threw. */
export const patiently = async <T>(
  run: (round: number) => Promise<T>,
  pause: (ms: number) => Promise<void>,
  tries = 3,
): Promise<T> => {
  for (let round = 1; ; round++) {
    try {
      return await run(round);
    } catch (error) {
      const ms = round < tries ? waitMs(error, round) : undefined;
      if (ms === undefined) throw error;
      await pause(ms);
    }
  }
};
