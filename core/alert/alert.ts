import { isManagedRoleArn } from '#core/aws-role.ts';
import type { Finding, FoundSession } from '#core/detection/finding.ts';

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
  /** Every session its findings named, at most `mostSessions`: what Revoke ends. */
  sessions: readonly FoundSession[];
  /** Event ids of the counted findings, so that an event that is delivered again is nothing. */
  seen: readonly string[];
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

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** `by` is absent where the policy answered because nobody did in time. */
export type AlertAnswer = { action: 'revoke' | 'expected' | 'unanswered'; at: string; by?: string };

/**
 * What Revoke does about an alert. `end-sessions`: those sessions, nobody else's, are denied. `end-ungranted`: every
 * session of the role that carries no grant is denied (whoever got in through a changed trust policy). `restore-deny`:
 * the deny policy is written again from the ledger. `nothing`: people must put it right, so there is no Revoke button.
 */
export type Remedy = 'end-sessions' | 'end-ungranted' | 'restore-deny' | 'nothing';

type Remediable = Pick<Alert, 'detection' | 'sessions'> & { first: Pick<Finding, 'roleArn'> };

export const remedyOf = ({ detection, sessions, first }: Remediable): Remedy => {
  // A session of the revoker: the deny would have to stand on the revoker, which Daypass may not write.
  if (detection === 'revoker-taken' || !isManagedRoleArn(first.roleArn)) return 'nothing';
  if (sessions.length > 0) return 'end-sessions';
  if (detection === 'trust-changed') return 'end-ungranted';
  return detection === 'deny-policy-tampered' ? 'restore-deny' : 'nothing';
};

/** Whether the alert has a Revoke button. */
export const isRevocable = (alert: Remediable): boolean => remedyOf(alert) !== 'nothing';
