import type { State } from './definition.ts';
import type { Entry, Woken } from './journal.ts';
import type { Outcome } from './outcome.ts';
import { errorWork, type TaskWork, type Thread } from './rows.ts';
import { errorNames, payloadLimitBytes } from './state-error.ts';
import { tokenHash, withholdToken } from './tokens.ts';

/** What every task event of a state says about its resource: `lambda` and `invoke` or `invoke.waitForTaskToken`. */
const resourceDetails = (state: State): { resourceType: string; resource: string } => ({
  resourceType: 'lambda',
  resource: state.Type === 'Task' ? state.Resource.slice('arn:aws:states:::lambda:'.length) : '',
});

export const workOf = (thread: Thread): TaskWork => JSON.parse(thread.work ?? '{}') as TaskWork;

/** When a task must be looked at next if nothing is heard of it. */
export const dueOf = ({ timeoutAtMs, heartbeatAtMs }: TaskWork): number | null => {
  const dueMs = Math.min(timeoutAtMs ?? Number.POSITIVE_INFINITY, heartbeatAtMs ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(dueMs) ? dueMs : null;
};

/** Schedules a task: from this commit on its function will be invoked, also after a crash. */
export const startTask = (entry: Entry, thread: Thread, task: Extract<Outcome, { kind: 'task' }>): Woken => {
  const { functionName, payload, token, timeoutSec, heartbeatSec } = task;
  const resource = resourceDetails(entry.stateOf(thread));
  const [, , , region = ''] = entry.execution.arn.split(':');
  const parameters = `{"FunctionName":${JSON.stringify(functionName)},"Payload":${withholdToken(payload, token)}}`;
  const timing = {
    ...(timeoutSec === undefined ? {} : { timeoutInSeconds: timeoutSec }),
    ...(heartbeatSec === undefined ? {} : { heartbeatInSeconds: heartbeatSec }),
  };
  const scheduled = entry.record(thread.lastEvent, 'TaskScheduled', {
    taskScheduledEventDetails: { ...resource, region, parameters, ...timing },
  });
  const lastEvent = entry.record(scheduled, 'TaskStarted', { taskStartedEventDetails: resource });
  if (token !== undefined) entry.store.addToken(tokenHash(token), thread.id);
  const work: TaskWork = {
    functionName,
    payload,
    ...(token === undefined ? {} : { token }),
    ...(timeoutSec === undefined ? {} : { timeoutAtMs: entry.nowMs + timeoutSec * 1000 }),
    ...(heartbeatSec === undefined ? {} : { heartbeatSec, heartbeatAtMs: entry.nowMs + heartbeatSec * 1000 }),
  };
  entry.advance(thread, { phase: 'task', lastEvent, work: JSON.stringify(work), dueMs: dueOf(work) });
  return [thread.id];
};

/** The task ended well with `output` (JSON). */
export const taskSucceeded = (entry: Entry, thread: Thread, output: string): Woken => {
  const bytes = Buffer.byteLength(output);
  if (bytes > payloadLimitBytes) {
    return taskFailed(
      entry,
      thread,
      errorNames.dataLimit,
      `The task's result has ${bytes} bytes, the limit is ${payloadLimitBytes}.`,
    );
  }
  const resource = resourceDetails(entry.stateOf(thread));
  const lastEvent = entry.record(thread.lastEvent, 'TaskSucceeded', {
    taskSucceededEventDetails: { ...resource, output, outputDetails: { truncated: false } },
  });
  return settle(entry, thread, { phase: 'result', work: output, lastEvent });
};

/** The task ended with an error, said by its function or by whoever holds the token. */
export const taskFailed = (entry: Entry, thread: Thread, error: string, cause: string): Woken => {
  const { token } = workOf(thread);
  const said = { error: withholdToken(error, token), cause: withholdToken(cause, token) };
  const lastEvent = entry.record(thread.lastEvent, 'TaskFailed', {
    taskFailedEventDetails: { ...resourceDetails(entry.stateOf(thread)), ...said },
  });
  return settle(entry, thread, { phase: 'error', work: errorWork(said.error, said.cause), lastEvent });
};

/** The task's deadline passed: whichever of timeout and heartbeat came first. */
export const taskTimedOut = (entry: Entry, thread: Thread): Woken => {
  const { timeoutAtMs = Number.POSITIVE_INFINITY, heartbeatAtMs = Number.POSITIVE_INFINITY } = workOf(thread);
  const error = heartbeatAtMs < timeoutAtMs ? errorNames.heartbeatTimeout : errorNames.timeout;
  const lastEvent = entry.record(thread.lastEvent, 'TaskTimedOut', {
    taskTimedOutEventDetails: { ...resourceDetails(entry.stateOf(thread)), error, cause: '' },
  });
  return settle(entry, thread, { phase: 'error', work: errorWork(error, ''), lastEvent });
};

const settle = (entry: Entry, thread: Thread, change: Partial<Thread>): Woken => {
  entry.store.closeTokens(thread.id);
  entry.advance(thread, { ...change, dueMs: null });
  return [thread.id];
};

/** The function of a token wait returned: from here on only the token's hash is kept. */
export const taskSubmitted = (entry: Entry, thread: Thread, output: string): void => {
  const { payload: _, token, ...work } = workOf(thread);
  const lastEvent = entry.record(thread.lastEvent, 'TaskSubmitted', {
    taskSubmittedEventDetails: {
      ...resourceDetails(entry.stateOf(thread)),
      output: withholdToken(output, token),
      outputDetails: { truncated: false },
    },
  });
  // Not `advance`: whoever holds the token may be answering this very step.
  entry.store.saveThread({ ...thread, phase: 'token', lastEvent, work: JSON.stringify(work) });
};
