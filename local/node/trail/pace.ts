import type { LocalClock } from '#local/clock.ts';
import type { Place } from './lookup.ts';

/** Two calls a second for each account and region, and a little less, since clocks are not exact. */
const betweenCallsMs = 550;
const firstBackoffMs = 2_000;
const longestBackoffMs = 60_000;

/** Resolves when the clock reaches `atMs`, or when the signal ends the wait. */
export const waitUntil = (clock: LocalClock, atMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const cancel = clock.at(atMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = (): void => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });

export type Pace = {
  /** Resolves when the next call may be made. */
  turn(place: Place): Promise<void>;
  /** AWS asked to slow down: each time twice as slow, up to a minute. */
  slower(place: Place): void;
  /** A call was answered. */
  usual(place: Place): void;
};

/** One for all calls of LookupEvents, whoever makes them. */
export const createPace = (clock: LocalClock, signal: AbortSignal): Pace => {
  const places = new Map<string, { nextAtMs: number; backoffMs: number }>();
  const of = ({ accountId, region }: Place) => {
    const key = `${accountId}/${region}`;
    const state = places.get(key) ?? { nextAtMs: 0, backoffMs: 0 };
    places.set(key, state);
    return state;
  };
  return {
    turn: async (place) => {
      const state = of(place);
      const atMs = Math.max(clock.nowMs(), state.nextAtMs);
      // Taken before the wait, so that two callers never get the same turn.
      state.nextAtMs = atMs + betweenCallsMs;
      if (atMs > clock.nowMs()) await waitUntil(clock, atMs, signal);
    },
    slower: (place) => {
      const state = of(place);
      state.backoffMs = Math.min(longestBackoffMs, Math.max(firstBackoffMs, state.backoffMs * 2));
      state.nextAtMs = Math.max(state.nextAtMs, clock.nowMs() + state.backoffMs);
    },
    usual: (place) => {
      of(place).backoffMs = 0;
    },
  };
};
