import type { Finding, FoundSession } from '#core/detection/finding.ts';
import type { Severity } from './severity.ts';

/** The deduplicated thing people see and act on: one or more findings with the same key inside one window. */
export type Alert = {
  /** Names the dedup key and the window; also the execution's name of `alert-response`. */
  id: string;
  version: number;
  detection: string;
  /** The worst of its findings; never lowered. */
  severity: Severity;
  /** The first finding, and how many there were (repeats are counted up to `mostCounted`, the newest few kept). */
  first: Finding;
  count: number;
  newest: readonly Finding[];
  /** Every session its findings named, at most `mostNamedSessions`: what Revoke ends. */
  sessions: readonly FoundSession[];
  /** Event ids of the counted findings, so that an event that is delivered again is nothing. */
  seen: readonly string[];
  /** What was done, as digests, and who did it; the first of each. Absent in alerts of before. */
  deeds?: readonly string[];
  callers?: readonly string[];
  raisedAt: string;
  lastSeenAt: string;
} & (
  | { status: 'open' }
  /** `failure`: what Revoke asked for could not be done; the sweeper goes on trying. */
  | { status: 'answered'; answer: AlertAnswer; failure?: { at: string; error: string } }
  | { status: 'closed'; answer: AlertAnswer; closedAt: string; result: string }
);

export type OpenAlert = Extract<Alert, { status: 'open' }>;
export type AnsweredAlert = Extract<Alert, { status: 'answered' }>;
export type ClosedAlert = Extract<Alert, { status: 'closed' }>;

/** `by` is absent where the policy answered because nobody did in time. */
export type AlertAnswer = { action: 'revoke' | 'expected' | 'unanswered'; at: string; by?: string };
