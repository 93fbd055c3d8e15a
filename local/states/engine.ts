import type { LocalClock } from '#local/clock.ts';
import type { Entropy } from './entropy.ts';
import { createInvoker, type Invoke } from './invoker.ts';
import { createJournal, type Entry, type Woken } from './journal.ts';
import { createOutbox, type Publish } from './outbox.ts';
import type { Execution, Thread } from './rows.ts';
import { errorNames } from './state-error.ts';
import { step } from './step.ts';
import type { Store } from './store.ts';
import { taskTimedOut } from './task.ts';
import { applyOutcome } from './transition.ts';
import { viewOf } from './view.ts';

const isStepDue = (thread: Thread): boolean =>
  thread.phase === 'entered' || thread.phase === 'result' || thread.phase === 'error';

/** After this many steps in a row a thread lets other work of the process have its turn. */
const stepsPerTurn = 50;

/** How long `stop` waits for functions that are still running. They run again at the next start. */
const patienceMs = 5000;

export type EngineParts = { store: Store; clock: LocalClock; invoke: Invoke; publish: Publish; entropy: Entropy };

/**
 * Drives threads: step, commit, go on. The database is the only truth; what is kept in memory can be lost at any
 * moment. One timer stands for all deadlines, so waiting costs nothing.
 */
export const createEngine = ({ store, clock, invoke, publish, entropy }: EngineParts) => {
  const journal = createJournal(store, () => clock.nowMs(), entropy);
  const attended = new Set<number>();
  const active = new Set<Promise<void>>();
  const outbox = createOutbox(store, clock, publish);
  let timer: { atMs: number; cancel: () => void } | undefined;
  let stopped = false;

  /** Runs something to its end in the background. A database that was closed under it is a stop like any other. */
  const inBackground = (work: () => Promise<void>): void => {
    const running = work()
      .catch((error: unknown) => {
        if (store.isOpen()) throw error;
      })
      .finally(() => active.delete(running));
    active.add(running);
  };

  /** What a commit entails, now that it is durable. */
  const committed = (woken: Woken): void => {
    outbox.drain();
    arm();
    for (const id of woken) attend(id);
  };

  const write = (seq: number, work: (entry: Entry) => Woken): void => committed(journal.write(seq, work, []));

  const invoker = createInvoker({ store, invoke, write, inBackground });

  const stepOnce = async (thread: Thread): Promise<void> => {
    const { outcome, failedEvaluation } = await step(viewOf(journal, store, thread, clock.nowMs(), entropy));
    if (stopped) return;
    write(thread.execution, (entry) => {
      const current = store.thread(thread.id);
      if (current?.step !== thread.step) return [];
      if (failedEvaluation) {
        const { error, cause, field: location } = failedEvaluation;
        const evaluationFailedEventDetails = { error, cause, location, state: thread.state };
        current.lastEvent = entry.record(current.lastEvent, 'EvaluationFailed', { evaluationFailedEventDetails });
      }
      return applyOutcome(entry, current, outcome);
    });
  };

  const follow = async (id: number): Promise<void> => {
    try {
      for (let steps = 1; !stopped; steps++) {
        const thread = store.thread(id);
        if (thread?.phase === 'task') invoker.launch(thread);
        if (!thread || !isStepDue(thread)) return;
        await stepOnce(thread);
        if (steps % stepsPerTurn === 0) await new Promise((done) => setImmediate(done));
      }
    } finally {
      // Here and not in a later microtask: whoever wakes this thread after its last look must find it unattended.
      attended.delete(id);
    }
  };

  /** Does for a thread what it is due to do, if anything. */
  const attend = (id: number): void => {
    if (stopped || attended.has(id)) return;
    attended.add(id);
    inBackground(() => follow(id));
  };

  /** The deadline of a thread has passed: what that means depends on what it was about. */
  const expire = (due: Thread): void =>
    write(due.execution, (entry) => {
      const thread = store.thread(due.id);
      if (thread?.step !== due.step || thread.dueMs === null || thread.dueMs > entry.nowMs) return [];
      if (thread.phase === 'task' || thread.phase === 'token') return taskTimedOut(entry, thread);
      entry.advance(thread, { phase: thread.phase === 'wait' ? 'result' : 'entered', dueMs: null });
      return [thread.id];
    });

  const fireDue = (): void => {
    const nowMs = clock.nowMs();
    for (const { seq } of store.dueExecutions(nowMs)) {
      write(seq, (entry) => {
        entry.end('TIMED_OUT', { error: errorNames.timeout, cause: null }, entry.execution.lastEvent);
        return [];
      });
    }
    for (const thread of store.dueThreads(nowMs)) expire(thread);
    arm();
  };

  const fire = (): void => {
    timer = undefined;
    try {
      if (!stopped && store.isOpen()) fireDue();
    } catch (error) {
      if (store.isOpen()) throw error;
    }
  };

  /** Sets the one timer to the next deadline. One that has passed is due in the next turn, whatever the clock does. */
  const arm = (): void => {
    if (stopped) return;
    const atMs = store.nextDueMs();
    if (atMs === timer?.atMs) return;
    timer?.cancel();
    timer = undefined;
    if (atMs === undefined) return;
    if (atMs > clock.nowMs()) timer = { atMs, cancel: clock.at(atMs, fire) };
    else {
      const soon = setImmediate(fire);
      timer = { atMs, cancel: () => clearImmediate(soon) };
    }
  };

  return {
    journal,
    start: (insert: () => number, begin: (entry: Entry) => Woken): Execution => {
      const { execution, woken } = journal.start(insert, begin);
      committed(woken);
      return execution;
    },
    write,
    attend,
    expire,
    /** Goes on with everything the database says is unfinished. */
    resume: (): void => {
      fire();
      for (const { id } of store.pending()) attend(id);
      outbox.drain();
    },
    /** Starts nothing more and waits for what runs; functions that do not heed their signal are left behind. */
    stop: async (): Promise<void> => {
      timer?.cancel();
      outbox.stop();
      invoker.abort();
      stopped = true;
      let giveUp = (): void => {};
      const patience = new Promise<void>((done) => {
        giveUp = clock.at(clock.nowMs() + patienceMs, done);
      });
      await Promise.race([Promise.allSettled([...active, outbox.idle()]), patience]);
      giveUp();
      invoker.forget();
    },
  };
};

export type Engine = ReturnType<typeof createEngine>;
