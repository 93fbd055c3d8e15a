import type { Clock } from '#ports/clock.ts';

/** `1732269600.000100` as microseconds since the epoch. Exact: microseconds stay below 2^53 for centuries. */
export const tsToMicros = (ts: string): number => {
  const [seconds = '0', micros = '0'] = ts.split('.');
  return Number(seconds) * 1_000_000 + Number(micros.padEnd(6, '0').slice(0, 6));
};

export const microsToTs = (micros: number): string =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;

/** True for the form that Slack gives a message's `ts`. */
export const isTs = (text: string): boolean => /^\d{1,11}\.\d{6}$/.test(text);

/**
 * Gives out each `ts` once and in order, even when the clock stands still or goes back.
 * `lastTs` is the newest one that was stored before a restart.
 */
export const tsSequence = (clock: Clock, lastTs: string | undefined): (() => string) => {
  let lastMicros = lastTs === undefined ? 0 : tsToMicros(lastTs);
  return () => {
    lastMicros = Math.max(clock.nowMs() * 1000, lastMicros + 100);
    return microsToTs(lastMicros);
  };
};
