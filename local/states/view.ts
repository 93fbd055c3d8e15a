import { toIso } from '#core/instant.ts';
import type { Entropy } from './entropy.ts';
import type { Journal } from './journal.ts';
import type { View } from './outcome.ts';
import type { RetryCounts } from './retry.ts';
import type { Thread } from './rows.ts';
import type { Store } from './store.ts';

const json = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));

const dueOf = (thread: Thread): View['due'] => {
  if (thread.phase === 'entered') return { kind: 'entered' };
  if (thread.phase === 'result') return { kind: 'result', result: json(thread.work) };
  const { error, cause } = json(thread.work) as { error: string; cause: string };
  return { kind: 'error', error, cause };
};

/** All that a step of this thread may see: its own variables over those of the scopes around it. */
export const viewOf = (journal: Journal, store: Store, thread: Thread, nowMs: number, entropy: Entropy): View => {
  const execution = store.execution(thread.execution);
  if (!execution) throw new Error(`Execution ${thread.execution} is missing from the database.`);
  let variables = json(thread.variables) as Record<string, unknown>;
  let item = thread.item;
  for (let above = thread.parent; above !== null; ) {
    const outer = store.thread(above);
    if (!outer) break;
    variables = { ...(json(outer.variables) as Record<string, unknown>), ...variables };
    item ??= outer.item;
    above = outer.parent;
  }
  const retries = json(thread.retries) as RetryCounts;
  return {
    name: thread.state,
    state: journal.stateIn(execution, thread),
    input: json(thread.input),
    variables,
    context: {
      Execution: {
        Id: execution.arn,
        Name: execution.name,
        Input: json(execution.input),
        StartTime: toIso(execution.startedMs),
        RedriveCount: 0,
      },
      State: {
        Name: thread.state,
        EnteredTime: toIso(thread.enteredMs),
        RetryCount: retries.reduce((sum, count) => sum + count, 0),
      },
      StateMachine: { Id: execution.machine, Name: execution.machine.split(':').at(-1) },
      ...(item === null ? {} : { Map: { Item: json(item) } }),
    },
    retries,
    nowMs,
    entropy,
    due: dueOf(thread),
  };
};
