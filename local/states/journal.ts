import { type Definition, type Scope, type ScopePath, type State, scopeAt } from './definition.ts';
import type { Entropy } from './entropy.ts';
import type { Execution, Thread } from './rows.ts';
import { errorNames } from './state-error.ts';
import { statusEvent } from './status-event.ts';
import type { EndedStatus, Store } from './store.ts';

/**
 * An execution fails with the event of this number.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const mostEvents = 25_000;

class HistoryFull extends Error {}

const endEvents = {
  SUCCEEDED: { type: 'ExecutionSucceeded', details: 'executionSucceededEventDetails' },
  FAILED: { type: 'ExecutionFailed', details: 'executionFailedEventDetails' },
  TIMED_OUT: { type: 'ExecutionTimedOut', details: 'executionTimedOutEventDetails' },
  ABORTED: { type: 'ExecutionAborted', details: 'executionAbortedEventDetails' },
} as const;

/** The ids of the threads that have something to do after a commit. */
export type Woken = number[];

export type Ending = { output: string } | { error: string | null; cause: string | null };

/** One execution inside one transaction: its row, its history and its end. */
export type Entry = {
  readonly store: Store;
  readonly execution: Execution;
  readonly nowMs: number;
  scope(thread: Thread): Scope;
  stateOf(thread: Thread): State;
  /** Adds a history event and returns its id. `detail` holds the `…EventDetails` member, if the type has one. */
  record(previous: number, type: string, detail?: Readonly<Record<string, unknown>>): number;
  end(status: EndedStatus, ending: Ending, previous: number): void;
  /** Saves a thread that has moved on: what was computed from its older state is not applied any more. */
  advance(thread: Thread, change: Partial<Thread>): void;
  /** Puts a status event in the outbox. */
  announce(execution: Execution): void;
};

export const createJournal = (store: Store, nowMs: () => number, entropy: Entropy) => {
  const definitions = new Map<string, Definition>();
  const scopes = new Map<string, Scope>();

  const definition = (digest: string): Definition => {
    const known = definitions.get(digest);
    if (known) return known;
    const row = store.definition(digest);
    if (!row) throw new Error(`The definition ${digest} is missing from the database.`);
    const parsed = JSON.parse(row.body) as Definition;
    definitions.set(digest, parsed);
    return parsed;
  };

  const scopeOf = (digest: string, path: string): Scope => {
    const key = `${digest} ${path}`;
    const known = scopes.get(key);
    if (known) return known;
    const found = scopeAt(definition(digest), JSON.parse(path) as ScopePath);
    scopes.set(key, found);
    return found;
  };

  const stateIn = (execution: Execution, thread: Thread): State => {
    const state = scopeOf(execution.digest, thread.scope).States[thread.state];
    if (!state) throw new Error(`The definition of ${execution.arn} has no state ${thread.state}.`);
    return state;
  };

  const entryOf = (execution: Execution): Entry => {
    const atMs = nowMs();
    const record = (previous: number, type: string, detail: Readonly<Record<string, unknown>> = {}): number => {
      const id = execution.lastEvent + 1;
      if (id >= mostEvents && !type.startsWith('Execution')) throw new HistoryFull();
      execution.lastEvent = id;
      store.addEvent(execution.seq, id, previous, type, atMs, JSON.stringify(detail));
      return id;
    };
    const announce = (announced: Execution): void => {
      store.addToOutbox(JSON.stringify(statusEvent(announced, entropy.uuid(), atMs)));
    };
    return {
      store,
      execution,
      nowMs: atMs,
      scope: (thread) => scopeOf(execution.digest, thread.scope),
      stateOf: (thread) => stateIn(execution, thread),
      record,
      announce,
      advance: (thread, change) => {
        Object.assign(thread, change, { step: thread.step + 1 });
        store.saveThread(thread);
      },
      end: (status, ending, previous) => {
        const { output, error, cause } = { output: null, error: null, cause: null, ...ending };
        const { type, details } = endEvents[status];
        const shown = 'output' in ending ? { output, outputDetails: { truncated: false } } : { error, cause };
        record(previous, type, { [details]: shown });
        store.endExecution(status, output, error, cause, atMs, execution.seq);
        store.closeAllTokens(execution.seq);
        store.deleteThreads(execution.seq);
        Object.assign(execution, { status, output, error, cause, stoppedMs: atMs });
        announce(execution);
      },
    };
  };

  /** Within a transaction. */
  const change = <T>(seq: number, work: (entry: Entry) => T): T => {
    const execution = store.execution(seq);
    if (!execution) throw new Error(`Execution ${seq} is missing from the database.`);
    const before = execution.lastEvent;
    const value = work(entryOf(execution));
    if (execution.lastEvent !== before) store.setLastEvent(execution.lastEvent, seq);
    return value;
  };

  const attempt = <T>(seq: number, work: (entry: Entry) => T): T => store.transaction(() => change(seq, work));

  return {
    definition,
    stateIn,
    /** Inserts an execution and begins it, in one transaction. */
    start: (insert: () => number, begin: (entry: Entry) => Woken): { execution: Execution; woken: Woken } =>
      store.transaction(() =>
        change(insert(), (entry) => {
          const woken = begin(entry);
          return { execution: entry.execution, woken };
        }),
      ),
    /**
     * Runs `work` on an execution in one transaction. If its history is full by that, nothing of it happens and the
     * execution fails instead; `otherwise` is then the answer.
     */
    write: <T>(seq: number, work: (entry: Entry) => T, otherwise: T): T => {
      try {
        return attempt(seq, work);
      } catch (error) {
        if (!(error instanceof HistoryFull)) throw error;
        const cause = `The execution reached the maximum number of history events (${mostEvents}).`;
        attempt(seq, (entry) => entry.end('FAILED', { error: errorNames.runtime, cause }, entry.execution.lastEvent));
        return otherwise;
      }
    },
  };
};

export type Journal = ReturnType<typeof createJournal>;
