import type { Retrier } from './definition.ts';
import { errorNames } from './state-error.ts';

/** IntervalSeconds and MaxDelaySeconds end here, so a delay that grew by BackoffRate does too. */
const longestDelaySec = 99_999_999;

/**
 * Whether an ErrorEquals list names this error. `States.ALL` and `States.TaskFailed` are wildcards; both leave
 * `States.DataLimitExceeded` alone, `States.TaskFailed` leaves `States.Timeout` alone, and nothing matches
 * `States.Runtime`. A missed heartbeat is, as documented, also a `States.Timeout`.
 */
export const matches = (errorEquals: readonly string[], error: string): boolean => {
  if (error === errorNames.runtime) return false;
  const isTimeout = error === errorNames.timeout;
  const isDataLimit = error === errorNames.dataLimit;
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (name === errorNames.all) return !isDataLimit;
    if (name === errorNames.taskFailed) return !isDataLimit && !isTimeout;
    return name === errorNames.timeout && error === errorNames.heartbeatTimeout;
  });
};

/** The delay before retry number `attempt` (0 is the first). `unit` gives a number in [0, 1) for full jitter. */
export const retryDelayMs = (retrier: Retrier, attempt: number, unit: () => number): number => {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = longestDelaySec, JitterStrategy = 'NONE' } = retrier;
  const delaySec = Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds, longestDelaySec);
  return Math.round(delaySec * 1000 * (JitterStrategy === 'FULL' ? unit() : 1));
};

/** How often each retrier of a state has been used since the state was entered. */
export type RetryCounts = readonly number[];

/** The next retry, or nothing when no retrier matches or the first that does has no attempt left. */
export const nextRetry = (
  retriers: readonly Retrier[] | undefined,
  counts: RetryCounts,
  error: string,
  unit: () => number,
): { delayMs: number; counts: RetryCounts } | undefined => {
  const index = retriers?.findIndex((retrier) => matches(retrier.ErrorEquals, error)) ?? -1;
  const retrier = retriers?.[index];
  if (!retrier) return undefined;
  const used = counts[index] ?? 0;
  if (used >= (retrier.MaxAttempts ?? 3)) return undefined;
  const next = retriers?.map((_, at) => (counts[at] ?? 0) + (at === index ? 1 : 0)) ?? [];
  return { delayMs: retryDelayMs(retrier, used, unit), counts: next };
};
