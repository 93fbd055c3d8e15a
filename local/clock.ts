import type { Clock } from '#ports/clock.ts';

/** The embedded stack's time: `Clock` and timers that follow it. */
export type LocalClock = Clock & {
  /** Calls `run` once when the clock reaches `atMs` (at once, asynchronously, if that is past). Returns a cancel. */
  at(atMs: number, run: () => void): () => void;
  /** Cancels every timer that is still waiting. */
  stop(): void;
};

/** `setTimeout` fires at once for delays above this (2^31 - 1 ms, about 24.8 days). */
const longestTimerMs = 2_147_483_647;

/** The machine's own clock. Waits of any length: a long one is cut into timers that do not overflow. */
export const systemClock = (): LocalClock => {
  const waiting = new Set<NodeJS.Timeout>();
  const at = (atMs: number, run: () => void): (() => void) => {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = Math.max(0, atMs - Date.now());
      timer = setTimeout(
        () => {
          waiting.delete(timer);
          if (Date.now() < atMs) arm();
          else run();
        },
        Math.min(delayMs, longestTimerMs),
      );
      waiting.add(timer);
    };
    arm();
    return () => {
      clearTimeout(timer);
      waiting.delete(timer);
    };
  };
  return {
    nowMs: () => Date.now(),
    at,
    stop: () => {
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
};

export type TurnableClock = LocalClock & {
  /** Turns the clock forward, firing in order every timer that comes due, also those set by a fired one. */
  turn(ms: number): Promise<void>;
};

/** A clock that stands still until a test turns it. */
export const turnableClock = (startMs: number = Date.parse('2026-11-22T10:00:00.000Z')): TurnableClock => {
  type Timer = { atMs: number; order: number; run: () => void };
  const timers = new Set<Timer>();
  let now = startMs;
  let order = 0;
  /** Lets everything that a timer set going run: a few turns of the event loop. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done));
  };
  const nextDue = (untilMs: number): Timer | undefined =>
    [...timers].filter((t) => t.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  return {
    nowMs: () => now,
    at: (atMs, run) => {
      const timer = { atMs, order: order++, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    stop: () => timers.clear(),
    turn: async (ms) => {
      const untilMs = now + ms;
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        timers.delete(due);
        now = Math.max(now, due.atMs);
        due.run();
        await settle();
      }
      now = untilMs;
      await settle();
    },
  };
};
