/** What the page shows of the machinery under the workspace. Times are ISO 8601 UTC. */

export type ExecutionView = {
  /** The execution's name; for `access-request` that is the request id. */
  name: string;
  /** The state machine, for example `access-request`. */
  machine: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  startedAt: string;
  endedAt?: string;
  /** The state it is in; absent once it has ended. */
  currentState?: string;
  /** Every state entered, in order. */
  states: readonly { name: string; enteredAt: string }[];
};

/** One CloudTrail event. */
export type TrailView = {
  eventId: string;
  eventTime: string;
  eventName: string;
  /** The account that the event was recorded in. */
  account: string;
  /** The caller, as short as it can be read: `daypass-revoker/session` or `production-admin`. */
  who: string;
  /** What it was done to: a role, a table. */
  target?: string;
  errorCode?: string;
};

/** What a role's `AWSRevokeOlderSessions` says now. */
export type DenyView = {
  roleArn: string;
  /** The policy document as IAM holds it; null when the role has no such policy. */
  policy: unknown;
  /** Whom it denies: `2 grants, 1 session`, `nobody`. */
  whom: string;
  /** Ids of the grants that the document denies. */
  revokedGrants: readonly string[];
};

/**
 * Asked each second while somebody looks; newest first. Each may throw: the page then says that it could not be read.
 */
export type Machinery = {
  executions(): Promise<readonly ExecutionView[]>;
  trail(): Promise<readonly TrailView[]>;
  denies(): Promise<readonly DenyView[]>;
};

export type MachinerySnapshot = {
  executions: readonly ExecutionView[];
  trail: readonly TrailView[];
  denies: readonly DenyView[];
};
