import type { LocalClock } from '#local/clock.ts';
import type { Entropy } from '#local/states/entropy.ts';
import type { ModelClock } from '../clock.ts';

/** Draws no luck: a Retry with full jitter waits as short as it may, which is not at all. Each token is another one. */
export const noEntropy = (): Entropy => {
  let count = 0;
  const next = (): string => String(++count).padStart(12, '0');
  return {
    bytes: (length) => Buffer.from(next().padStart(length, '-')),
    unit: () => 0,
    uuid: () => `00000000-0000-4000-8000-${next()}`,
  };
};

/** A clock's timers. They fire when somebody looks. */
export const timersOf = (clock: ModelClock): { clock: LocalClock; fire(): void } => {
  type Timer = { atMs: number; run: () => void };
  const timers = new Set<Timer>();
  return {
    clock: {
      nowMs: clock.nowMs,
      at: (atMs, run) => {
        const timer = { atMs, run };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      stop: () => timers.clear(),
    },
    fire: () => {
      for (const timer of [...timers]) {
        if (timer.atMs > clock.nowMs()) continue;
        timers.delete(timer);
        timer.run();
      }
    },
  };
};
