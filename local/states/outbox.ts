import type { LocalClock } from '#local/clock.ts';
import type { StatusEvent } from './status-event.ts';
import type { Store } from './store.ts';

export type Publish = (event: StatusEvent) => void | Promise<void>;

const retryMs = 5000;

/**
 * Publishes status events in the order of their commits, each at least once: an event leaves the database only after
 * `publish` took it. One that `publish` refuses is tried again later, and the others wait behind it.
 */
export const createOutbox = (store: Store, clock: LocalClock, publish: Publish) => {
  let draining = false;
  let last = Promise.resolve();
  let cancelRetry: (() => void) | undefined;
  let stopped = false;

  const publishAll = async (): Promise<void> => {
    try {
      while (!stopped && store.isOpen()) {
        const first = store.firstInOutbox();
        if (!first) return;
        await publish(JSON.parse(first.event) as StatusEvent);
        if (store.isOpen()) store.deleteFromOutbox(first.seq);
      }
    } catch {
      if (!stopped) cancelRetry = clock.at(clock.nowMs() + retryMs, drain);
    } finally {
      // Here and not in a later microtask: a commit after the last look must find nobody draining.
      draining = false;
    }
  };

  const drain = (): void => {
    if (stopped || draining) return;
    draining = true;
    cancelRetry?.();
    cancelRetry = undefined;
    last = publishAll();
  };

  return {
    drain,
    /** Resolves when nothing is being published. */
    idle: (): Promise<void> => last,
    stop: (): void => {
      stopped = true;
      cancelRetry?.();
    },
  };
};
