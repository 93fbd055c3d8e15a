/** The rows of the tables in `schema.ts`, as the interpreter works with them. JSON stays text until it is needed. */

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export type Machine = { arn: string; name: string; account: string; digest: string; createdMs: number };

export type Execution = {
  seq: number;
  arn: string;
  /** The machine's ARN. */
  machine: string;
  name: string;
  /** Of the definition it started with. */
  digest: string;
  status: ExecutionStatus;
  input: string;
  output: string | null;
  error: string | null;
  cause: string | null;
  startedMs: number;
  stoppedMs: number | null;
  lastEvent: number;
};

export type Phase = 'entered' | 'result' | 'error' | 'task' | 'token' | 'wait' | 'backoff' | 'fan' | 'queued' | 'done';

export type Thread = {
  id: number;
  execution: number;
  parent: number | null;
  /** Index of the branch or the item under the parent. */
  position: number;
  /** A `ScopePath`. */
  scope: string;
  /** The Map item, as `$states.context.Map.Item` shows it. */
  item: string | null;
  state: string;
  phase: Phase;
  step: number;
  input: string;
  variables: string;
  retries: string;
  enteredMs: number;
  lastEvent: number;
  dueMs: number | null;
  work: string | null;
};

/** The `work` of a thread in phase `task` or `token`. */
export type TaskWork = {
  functionName: string;
  /** With the token in it; gone once the function was invoked. */
  payload?: string;
  /** In clear only until the function was invoked. */
  token?: string;
  timeoutAtMs?: number;
  heartbeatSec?: number;
  heartbeatAtMs?: number;
};

/** The `work` of a thread in phase `error`. */
export const errorWork = (error: string, cause: string): string => JSON.stringify({ error, cause });

export type EventRow = { id: number; previous: number; type: string; atMs: number; detail: string };
