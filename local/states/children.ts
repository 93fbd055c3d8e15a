import type { Scope, ScopePath } from './definition.ts';
import type { Entry, Woken } from './journal.ts';
import type { Child } from './outcome.ts';
import { errorWork, type Thread } from './rows.ts';
import { boundedJson, StateError } from './state-error.ts';

/** Moves a thread into a state, as history tells it. */
export const enterState = (entry: Entry, thread: Thread, scope: Scope, name: string, input: string): Woken => {
  const type = scope.States[name]?.Type;
  const stateEnteredEventDetails = { name, input, inputDetails: { truncated: false } };
  const lastEvent = entry.record(thread.lastEvent, `${type}StateEntered`, { stateEnteredEventDetails });
  entry.advance(thread, {
    state: name,
    phase: 'entered',
    input,
    retries: '[]',
    enteredMs: entry.nowMs,
    lastEvent,
    dueMs: null,
    work: null,
  });
  return [thread.id];
};

const begin = (entry: Entry, thread: Thread): Woken => {
  const scope = entry.scope(thread);
  if (thread.item !== null) {
    const details = iterationDetails(entry, thread);
    thread.lastEvent = entry.record(thread.lastEvent, 'MapIterationStarted', {
      mapIterationStartedEventDetails: details,
    });
  }
  return enterState(entry, thread, scope, scope.StartAt, thread.input);
};

const iterationDetails = (entry: Entry, thread: Thread): { name: string; index: number } => ({
  name: parentOf(entry, thread)?.state ?? '',
  index: thread.position,
});

const parentOf = (entry: Entry, thread: Thread): Thread | undefined =>
  thread.parent === null ? undefined : entry.store.thread(thread.parent);

/** Starts the branches of a Parallel or the items of a Map, the first `maxConcurrency` of them (0 is all). */
export const fanOut = (entry: Entry, thread: Thread, children: readonly Child[], maxConcurrency: number): Woken => {
  const isMap = entry.stateOf(thread).Type === 'Map';
  const started = isMap
    ? entry.record(thread.lastEvent, 'MapStateStarted', { mapStateStartedEventDetails: { length: children.length } })
    : entry.record(thread.lastEvent, 'ParallelStateStarted');
  entry.advance(thread, { phase: 'fan', lastEvent: started });
  if (children.length === 0) return join(entry, thread);
  const path = JSON.parse(thread.scope) as ScopePath;
  return children.flatMap((child, position) => {
    const fresh = {
      execution: thread.execution,
      parent: thread.id,
      position,
      scope: JSON.stringify([...path, [thread.state, child.branch]]),
      item: child.item === undefined ? null : JSON.stringify(child.item),
      state: '',
      phase: 'queued' as const,
      input: child.inputJson,
      variables: '{}',
      retries: '[]',
      enteredMs: entry.nowMs,
      lastEvent: started,
      dueMs: null,
      work: null,
    };
    const id = entry.store.addThread(fresh);
    return maxConcurrency === 0 || position < maxConcurrency ? begin(entry, { ...fresh, id, step: 0 }) : [];
  });
};

/** All children are done: their outputs, in order, are the result. */
const join = (entry: Entry, thread: Thread): Woken => {
  const children = entry.store.children(thread.id);
  const type = entry.stateOf(thread).Type;
  for (const child of children) entry.store.deleteThread(child.id);
  let result: string;
  try {
    result = boundedJson(
      children.map((child) => JSON.parse(child.work ?? 'null')),
      'The result',
    );
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    const lastEvent = entry.record(thread.lastEvent, `${type}StateFailed`);
    entry.advance(thread, { phase: 'error', lastEvent, work: errorWork(error.error, error.cause) });
    return [thread.id];
  }
  const lastEvent = entry.record(thread.lastEvent, `${type}StateSucceeded`);
  entry.advance(thread, { phase: 'result', lastEvent, work: result });
  return [thread.id];
};

/** A thread came to the end of its scope: the execution's end, or one child less to wait for. */
export const complete = (entry: Entry, thread: Thread, output: string): Woken => {
  const parent = parentOf(entry, thread);
  if (!parent) {
    entry.end('SUCCEEDED', { output }, thread.lastEvent);
    return [];
  }
  const lastEvent =
    thread.item === null
      ? thread.lastEvent
      : entry.record(thread.lastEvent, 'MapIterationSucceeded', {
          mapIterationSucceededEventDetails: iterationDetails(entry, thread),
        });
  entry.advance(thread, { phase: 'done', lastEvent, work: output, dueMs: null });
  const queued = entry.store.nextQueued(parent.id);
  if (queued) return begin(entry, queued);
  if (entry.store.unfinished(parent.id)) return [];
  return join(entry, { ...parent, lastEvent });
};

const abortedEvents: Readonly<Record<string, string>> = {
  Task: 'TaskStateAborted',
  Wait: 'WaitStateAborted',
  Parallel: 'ParallelStateAborted',
  Map: 'MapStateAborted',
};

/** Ends everything under a thread, and closes its tokens. */
const abortChildren = (entry: Entry, thread: Thread, failed: number): void => {
  for (const child of entry.store.children(thread.id)) {
    abortChildren(entry, child, failed);
    if (child.phase !== 'done' && child.phase !== 'queued' && child.id !== failed) {
      const aborted = abortedEvents[entry.stateOf(child).Type];
      if (aborted) child.lastEvent = entry.record(child.lastEvent, aborted);
      if (child.item !== null) {
        const mapIterationAbortedEventDetails = iterationDetails(entry, child);
        entry.record(child.lastEvent, 'MapIterationAborted', { mapIterationAbortedEventDetails });
      }
    }
    entry.store.closeTokens(child.id);
    entry.store.deleteThread(child.id);
  }
};

/** An error that the thread's own state does not handle: it is the parent's now, or ends the execution. */
export const fail = (entry: Entry, thread: Thread, error: string, cause: string): Woken => {
  const parent = parentOf(entry, thread);
  if (!parent) {
    entry.end('FAILED', { error, cause }, thread.lastEvent);
    return [];
  }
  let previous = thread.lastEvent;
  if (thread.item !== null) {
    const mapIterationFailedEventDetails = iterationDetails(entry, thread);
    previous = entry.record(previous, 'MapIterationFailed', { mapIterationFailedEventDetails });
  }
  abortChildren(entry, parent, thread.id);
  const lastEvent = entry.record(previous, `${entry.stateOf(parent).Type}StateFailed`);
  entry.advance(parent, { phase: 'error', lastEvent, work: errorWork(error, cause) });
  return [parent.id];
};
