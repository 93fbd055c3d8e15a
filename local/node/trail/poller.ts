import type { Place } from './lookup.ts';
import { createPace, waitUntil } from './pace.ts';
import { createReader, type ReaderDeps } from './reader.ts';

export type Poller = {
  start(): void;
  /** Starts no further call and resolves when those under way have ended. */
  stop(): Promise<void>;
};

/** A place whose reading fails for this long is told as an error, and then once in as long again. */
const patienceMs = 15 * 60_000;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/**
 * Reads the event history of every account and region again and again, each by itself, so that one that cannot be
 * reached does not keep the others waiting. `placesOf` is asked before every round.
 */
export const createPoller = (
  deps: Omit<ReaderDeps, 'pace' | 'signal'> & { placesOf: () => Promise<readonly Place[]>; everySec: number },
): Poller => {
  const { clock, log, placesOf, everySec } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const read = createReader({ ...deps, pace: createPace(clock, signal), signal });
  /** What is watched, each with a mark of its own: one that is taken up again is another. */
  const watched = new Map<string, symbol>();
  const running = new Set<Promise<void>>();
  const keyOf = ({ accountId, region }: Place): string => `${accountId}/${region}`;

  /** Returns since when it fails, undefined where it does not. */
  const round = async (place: Place, failingSinceMs: number | undefined): Promise<number | undefined> => {
    try {
      await read(place);
      if (failingSinceMs !== undefined) log.info('CloudTrail can be read again.', place);
      return undefined;
    } catch (error) {
      if (signal.aborted) return failingSinceMs;
      const sinceMs = failingSinceMs ?? clock.nowMs();
      const facts = { ...place, error: nameOf(error) };
      if (failingSinceMs === undefined) {
        log.warn('CloudTrail could not be read; the poller tries again, and nothing is lost by that.', facts);
      } else if (clock.nowMs() - sinceMs >= patienceMs) {
        log.error(
          'CloudTrail cannot be read: what happens there is not seen. Check the revoker role and cloudtrail:LookupEvents.',
          facts,
        );
        return clock.nowMs();
      }
      return sinceMs;
    }
  };

  const watch = async (place: Place): Promise<void> => {
    const own = Symbol(keyOf(place));
    watched.set(keyOf(place), own);
    let failingSinceMs: number | undefined;
    while (!signal.aborted && watched.get(keyOf(place)) === own) {
      failingSinceMs = await round(place, failingSinceMs);
      await waitUntil(clock, clock.nowMs() + everySec * 1000, signal);
    }
  };

  const keep = (work: Promise<void>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };

  /** Takes up the places that are new and lets go of those that are not named any more. */
  const supervise = async (): Promise<void> => {
    while (!signal.aborted) {
      const places = await placesOf().catch((error: unknown) => {
        log.error('The accounts to watch could not be read; those known before go on.', { error: nameOf(error) });
        return undefined;
      });
      if (places) {
        const wanted = new Set(places.map(keyOf));
        for (const key of [...watched.keys()]) if (!wanted.has(key)) watched.delete(key);
        for (const place of places) if (!watched.has(keyOf(place))) keep(watch(place));
      }
      await waitUntil(clock, clock.nowMs() + everySec * 1000, signal);
    }
  };

  return {
    start: () => keep(supervise()),
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
};
