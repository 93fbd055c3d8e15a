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
  let draining: Promise<void> | undefined;
  let cancelRetry: (() => void) | undefined;
  let stopped = false;

  const publishAll = async (): Promise<void> => {
    while (!stopped && store.isOpen()) {
      const first = store.firstInOutbox();
      if (!first) return;
      try {
        await publish(JSON.parse(first.event) as StatusEvent);
      } catch {
        if (!stopped) cancelRetry = clock.at(clock.nowMs() + retryMs, drain);
        return;
      }
      if (store.isOpen()) store.deleteFromOutbox(first.seq);
    }
  };

  const drain = (): void => {
    if (stopped || draining) return;
    cancelRetry?.();
    draining = publishAll().finally(() => {
      draining = undefined;
    });
  };

  return {
    drain,
    idle: async (): Promise<void> => draining,
    stop: (): void => {
      stopped = true;
      cancelRetry?.();
    },
  };
};
