import { isDaypassError } from '#core/errors.ts';
import type { Gate, Machine, Workflows } from '#ports/workflows.ts';
import type { ModelClock } from './clock.ts';

type Place =
  | 'AwaitApproval'
  | 'LapseRequest'
  | 'ActivateGrant'
  | 'AwaitEnd'
  | 'RevokeSessions'
  | 'ReportRevocationFailure'
  | 'FindLocked'
  | 'RevokeLocked'
  | 'ReportLockedFailure'
  | 'FinishLockdown';

/** One execution of `statemachines/access-request.asl.json` or `lockdown.asl.json`. */
export type Execution = {
  machine: Machine;
  name: string;
  input: Readonly<Record<string, string>>;
  status: 'running' | 'ended';
  place: Place;
  /** Names one attempt at one place: what an earlier one still answers is nothing. */
  attempt: number;
  /** A Lambda is at it now. */
  busy: boolean;
  /** The Lambda has answered, and the token is waited for. */
  waits: boolean;
  tries: number;
  timesOutAtMs?: number;
  /** The end of the window for which `AwaitEnd` waits. */
  until?: string;
  /** `RevokeSessions` came because that wait was over. */
  whenDue: boolean;
  error?: string;
  /** What a lockdown has found and not ended yet. */
  slices: readonly (readonly string[])[];
};

/** What a Lambda is asked to do for an execution. */
export type Task = { execution: Execution; attempt: number; place: Place; taskToken: string; slice: readonly string[] };

/** `MaxAttempts: 6` are six more. */
const mostTries = 7;

/** What the Retry of its place leaves to the Catch. */
const isFinal = (error: unknown): boolean =>
  isDaypassError(error, 'RequestClosed') || isDaypassError(error, 'GrantExtended');

const gates: ReadonlySet<Place> = new Set(['AwaitApproval', 'AwaitEnd']);

/**
 * Step Functions with the two machines, as plain as they can be: their states, their Retry and Catch, their timeouts. How
 * long a Retry waits is left out, and the slices of a lockdown come one after the other. `stopped` hears of executions that
 * failed or were stopped.
 */
export const createExecutions = (clock: ModelClock, stopped: (machine: Machine, name: string) => void) => {
  const all = new Map<string, Execution>();

  const enter = (execution: Execution, place: Place): void => {
    const attempt = execution.attempt + 1;
    Object.assign(execution, { place, busy: false, waits: false, tries: 0, attempt, whenDue: false });
    delete execution.timesOutAtMs;
    delete execution.until;
  };
  const waitUntil = (execution: Execution, at: string): void => {
    const sec = Math.max(1, Math.ceil((Date.parse(at) - clock.nowMs()) / 1000));
    execution.timesOutAtMs = clock.nowMs() + sec * 1000;
  };
  const enterGate = (execution: Execution, gate: Gate & Place, until: string): void => {
    enter(execution, gate);
    waitUntil(execution, until);
    if (gate === 'AwaitEnd') execution.until = until;
  };
  const end = (execution: Execution, failed: boolean): void => {
    if (execution.status === 'ended') return;
    execution.status = 'ended';
    if (failed) stopped(execution.machine, execution.name);
  };
  /** What the Catch of the place leads to. */
  const caught = (execution: Execution, error: unknown): void => {
    const closed = isDaypassError(error, 'RequestClosed');
    const { place } = execution;
    if (isDaypassError(error, 'GrantExtended')) enter(execution, 'ActivateGrant');
    else if (closed && (place === 'AwaitApproval' || place === 'ActivateGrant')) end(execution, false);
    // `TryApprovalAgain` waits a minute and comes back.
    else if (place === 'AwaitApproval') enterGate(execution, 'AwaitApproval', execution.input.lapsesAt ?? '');
    else if (place === 'ActivateGrant' || place === 'AwaitEnd') enter(execution, 'RevokeSessions');
    else if (place === 'RevokeSessions') {
      execution.error = String(error);
      enter(execution, 'ReportRevocationFailure');
    } else if (place === 'RevokeLocked') {
      execution.error = String(error);
      enter(execution, 'ReportLockedFailure');
    } else end(execution, true);
  };
  /** The next slice, or the next page. */
  const nextSlice = (execution: Execution, slices: Execution['slices'], otherwise: Place): void => {
    execution.slices = slices;
    enter(execution, slices.length > 0 ? 'RevokeLocked' : otherwise);
  };
  /** What the place leads to when its Lambda has answered. */
  const went = (execution: Execution, value: unknown): void => {
    const { place } = execution;
    if (place === 'FindLocked') {
      nextSlice(execution, (value as { slices: string[][] }).slices, 'FinishLockdown');
      return;
    }
    if (place === 'RevokeLocked' || place === 'ReportLockedFailure') {
      nextSlice(execution, execution.slices.slice(1), 'FindLocked');
      return;
    }
    if (place === 'FinishLockdown') {
      end(execution, (value as { failed: number }).failed > 0);
      return;
    }
    if (place === 'AwaitApproval' || place === 'AwaitEnd') execution.waits = true;
    else if (place === 'ActivateGrant') enterGate(execution, 'AwaitEnd', (value as { endsAt: string }).endsAt);
    else if (place === 'LapseRequest' && (value as { status: string }).status === 'approved') {
      enter(execution, 'ActivateGrant');
    } else end(execution, place === 'ReportRevocationFailure');
  };
  const timeOut = (execution: Execution): void => {
    const due = execution.timesOutAtMs !== undefined && clock.nowMs() >= execution.timesOutAtMs;
    if (execution.status !== 'running' || !due) return;
    const whenDue = execution.place !== 'AwaitApproval';
    enter(execution, whenDue ? 'RevokeSessions' : 'LapseRequest');
    execution.whenDue = whenDue;
  };
  const waiting = (taskToken: string): Execution | undefined => {
    for (const execution of all.values()) {
      timeOut(execution);
      const isIt = execution.status === 'running' && taskToken === `${execution.name}.${execution.attempt}`;
      if (isIt && gates.has(execution.place)) return execution;
    }
    return undefined;
  };

  const workflows: Workflows = {
    start: async (machine, name, input) => {
      if (all.has(name)) return;
      const execution: Execution = {
        machine,
        name,
        input,
        status: 'running',
        place: 'ActivateGrant',
        attempt: 0,
        busy: false,
        waits: false,
        tries: 0,
        whenDue: false,
        slices: [],
      };
      all.set(name, execution);
      if (machine === 'lockdown') enter(execution, 'FindLocked');
      else if (input.approval === 'needed') enterGate(execution, 'AwaitApproval', input.lapsesAt ?? '');
      else enter(execution, 'ActivateGrant');
    },
    succeed: async (taskToken) => {
      const execution = waiting(taskToken);
      if (!execution) return 'gone';
      enter(execution, execution.place === 'AwaitApproval' ? 'ActivateGrant' : 'RevokeSessions');
      return 'resumed';
    },
    fail: async (taskToken, error) => {
      const execution = waiting(taskToken);
      if (!execution) return 'gone';
      if (execution.place === 'AwaitApproval') end(execution, false);
      else if (error === 'GrantExtended') enter(execution, 'ActivateGrant');
      else enter(execution, 'RevokeSessions');
      return 'resumed';
    },
    status: async (_machine, name) => all.get(name)?.status ?? 'absent',
  };

  return {
    workflows,
    all: (): readonly Execution[] => [...all.values()],
    find: (name: string): Execution | undefined => all.get(name),
    /** The next thing that some execution wants a Lambda for. */
    due: (): readonly Execution[] => {
      for (const execution of all.values()) timeOut(execution);
      return [...all.values()].filter(({ status, busy, waits }) => status === 'running' && !busy && !waits);
    },
    begin: (execution: Execution): Task => {
      const attempt = execution.attempt + 1;
      Object.assign(execution, { attempt, busy: true, tries: execution.tries + 1 });
      const [slice = []] = execution.slices;
      return { execution, attempt, place: execution.place, taskToken: `${execution.name}.${attempt}`, slice };
    },
    /** The Lambda answered, or failed, or is gone. */
    answered: ({ execution, attempt }: Task, result: { value: unknown } | { error: unknown }): void => {
      timeOut(execution);
      if (execution.status !== 'running' || execution.attempt !== attempt) return;
      execution.busy = false;
      if ('value' in result) went(execution, result.value);
      else if ((execution.machine === 'access-request' && isFinal(result.error)) || execution.tries >= mostTries) {
        caught(execution, result.error);
      }
    },
    /** An operator's StopExecution. */
    stop: (name: string): void => {
      const execution = all.get(name);
      if (execution) end(execution, true);
    },
  };
};

export type Executions = ReturnType<typeof createExecutions>;
