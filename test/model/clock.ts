import type { Clock } from '#ports/clock.ts';

export type ModelClock = Clock & {
  /**
   * Turns it forward, by whole milliseconds. Nothing fires: in the model everything that waits for a time is asked
   * about it.
   */
  turn(ms: number): void;
  /** Back to where every run begins. */
  reset(): void;
};

const startMs = Date.parse('2026-11-22T10:00:00.000Z');

export const modelClock = (): ModelClock => {
  let now = startMs;
  return {
    nowMs: () => now,
    turn: (ms) => {
      now += Math.round(ms);
    },
    reset: () => {
      now = startMs;
    },
  };
};
