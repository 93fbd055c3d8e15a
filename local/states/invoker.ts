import { cut } from '#core/clip.ts';
import type { Entry, Woken } from './journal.ts';
import type { Thread } from './rows.ts';
import type { Store } from './store.ts';
import { taskFailed, taskSubmitted, taskSucceeded, workOf } from './task.ts';

/**
 * Runs a Lambda function of the embedded stack. Rejects with an Error whose `name` is the error name that the machine
 * matches on. The signal is aborted when the stack stops; a task that times out does not abort it, as in Lambda.
 */
export type Invoke = (functionName: string, payload: unknown, signal: AbortSignal) => Promise<unknown>;

type InvokerParts = {
  store: Store;
  invoke: Invoke;
  write(seq: number, work: (entry: Entry) => Woken): void;
  inBackground(work: () => Promise<void>): void;
};

/**
 * The error name of what a function threw, and the Cause in Lambda's shape; without a stack, which names files of the
 * host.
 */
const errorOf = (thrown: unknown): { error: string; cause: string } => {
  const { name, message } = thrown instanceof Error ? thrown : { name: 'Lambda.Unknown', message: String(thrown) };
  return { error: name, cause: cut(JSON.stringify({ errorType: name, errorMessage: message, trace: [] }), 32_768) };
};

export const createInvoker = ({ store, invoke, write, inBackground }: InvokerParts) => {
  const aborter = new AbortController();
  /** Invocations under way, by thread and step: an attempt is invoked once per process. */
  const underWay = new Set<string>();
  let forgotten = false;

  /** Commits what an invocation came to, unless the thread has moved on meanwhile. */
  const commit = (invoked: Thread, settle: (entry: Entry, thread: Thread) => Woken): void => {
    if (forgotten || !store.isOpen()) return;
    write(invoked.execution, (entry) => {
      const thread = store.thread(invoked.id);
      return thread?.step === invoked.step && thread.phase === 'task' ? settle(entry, thread) : [];
    });
  };

  const call = async (thread: Thread): Promise<void> => {
    // In a turn of its own: a function that answers its own token at once must find the engine done with this thread.
    await Promise.resolve();
    const work = workOf(thread);
    let returned: unknown;
    try {
      returned = await invoke(work.functionName, JSON.parse(work.payload ?? '{}'), aborter.signal);
    } catch (thrown) {
      // Stopped in the middle: the task is still open and runs again at the next start.
      if (aborter.signal.aborted) return;
      const { error, cause } = errorOf(thrown);
      commit(thread, (entry, current) => taskFailed(entry, current, error, cause));
      return;
    }
    const output = JSON.stringify({ ExecutedVersion: '$LATEST', Payload: returned ?? null, StatusCode: 200 });
    commit(thread, (entry, current) => {
      if (work.token === undefined) return taskSucceeded(entry, current, output);
      taskSubmitted(entry, current, output);
      return [];
    });
  };

  return {
    launch: (thread: Thread): void => {
      const key = `${thread.id}:${thread.step}`;
      if (aborter.signal.aborted || underWay.has(key)) return;
      underWay.add(key);
      inBackground(() => call(thread).finally(() => underWay.delete(key)));
    },
    abort: (): void => aborter.abort(),
    /** From here on what still returns is not committed: the database may be closed. */
    forget: (): void => {
      forgotten = true;
    },
  };
};
