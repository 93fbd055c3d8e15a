export type Gate = 'AwaitApproval' | 'AwaitEnd' | 'AwaitAnswer';

export type Machine = 'access-request' | 'alert-response' | 'lockdown';

/** Step Functions. Every method throws `WorkflowUnavailable` when it cannot be reached. */
export type Workflows = {
  /** Starts `machine` with `name` as the execution's name. Starting the same again is nothing. */
  start(machine: Machine, name: string, input: Readonly<Record<string, string>>): Promise<void>;
  /** Lets a waiting task go on. `gone` when it was answered, timed out or its execution has ended. */
  succeed(taskToken: string, output: Readonly<Record<string, string>>): Promise<'resumed' | 'gone'>;
  fail(taskToken: string, error: string, cause: string): Promise<'resumed' | 'gone'>;
  /** How the execution of that name stands. */
  status(machine: Machine, name: string): Promise<'running' | 'ended' | 'absent'>;
};

/** The task tokens of waiting executions. They never leave the server. */
export type TaskTokens = {
  /**
   * Keeps the wait at one gate of one execution; a later one replaces it. Whether somebody came to open the gate while
   * nobody waited there yet.
   */
  keep(executionName: string, gate: Gate, wait: GateWait): Promise<boolean>;
  find(executionName: string, gate: Gate): Promise<GateWait | undefined>;
  /** Notes that somebody came to open the gate and found nobody; returns who waits there by now. */
  cameTooEarly(executionName: string, gate: Gate): Promise<GateWait | undefined>;
};

/** `until`: the end of the window for which it waits, ISO 8601; of `AwaitEnd` alone. */
export type GateWait = { taskToken: string; until?: string };
