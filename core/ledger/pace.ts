import type { Pace } from './ledger.ts';

/** So many writes at once, then one a second: IAM throttles, and one write covers everybody who waits. */
const burst = 5;
const perWriteMs = 1_000;

const levelAt = (pace: Pace | undefined, nowMs: number): number =>
  pace ? Math.max(0, pace.level - Math.max(0, nowMs - pace.atMs) / perWriteMs) : 0;

/** How long the next write to the role has to wait, 0 to 1,000. */
export const waitMs = (pace: Pace | undefined, nowMs: number): number =>
  Math.min(perWriteMs, Math.max(0, Math.ceil((levelAt(pace, nowMs) + 1 - burst) * perWriteMs)));

/** The pace after one more write. */
export const afterWrite = (pace: Pace | undefined, nowMs: number): Pace => ({
  level: Math.min(burst, levelAt(pace, nowMs) + 1),
  atMs: nowMs,
});
