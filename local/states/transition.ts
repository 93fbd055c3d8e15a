import { complete, enterState, fail, fanOut } from './children.ts';
import type { Entry, Woken } from './journal.ts';
import type { Outcome } from './outcome.ts';
import type { Thread } from './rows.ts';
import { startTask } from './task.ts';

const whole = { truncated: false };

const leaveState = (entry: Entry, thread: Thread, outcome: Extract<Outcome, { kind: 'leave' }>): Woken => {
  const { outputJson: output, assigned, next } = outcome;
  const assignedVariables =
    assigned === undefined
      ? {}
      : {
          assignedVariables: Object.fromEntries(
            Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
          ),
          assignedVariablesDetails: whole,
        };
  const stateExitedEventDetails = { name: thread.state, output, outputDetails: whole, ...assignedVariables };
  thread.lastEvent = entry.record(thread.lastEvent, `${entry.stateOf(thread).Type}StateExited`, {
    stateExitedEventDetails,
  });
  if (assigned !== undefined) thread.variables = JSON.stringify({ ...JSON.parse(thread.variables), ...assigned });
  return next === undefined
    ? complete(entry, thread, output)
    : enterState(entry, thread, entry.scope(thread), next, output);
};

/** Commits what a step came to. `thread` is the current row. */
export const applyOutcome = (entry: Entry, thread: Thread, outcome: Outcome): Woken => {
  switch (outcome.kind) {
    case 'task':
      return startTask(entry, thread, outcome);
    case 'wait':
      entry.advance(thread, { phase: 'wait', dueMs: outcome.untilMs, work: null });
      return [];
    case 'retry':
      entry.advance(thread, {
        phase: 'backoff',
        dueMs: outcome.atMs,
        retries: JSON.stringify(outcome.retries),
        work: null,
      });
      return [];
    case 'fan':
      return fanOut(entry, thread, outcome.children, outcome.maxConcurrency);
    case 'leave':
      return leaveState(entry, thread, outcome);
    case 'fail':
      return fail(entry, thread, outcome.error, outcome.cause);
  }
};
