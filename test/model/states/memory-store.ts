import type { EventRow, Execution, Machine, Thread } from '#local/states/rows.ts';
import type { Store } from '#local/states/store.ts';

type Row = Execution & { dueMs: number | null };

/** Machines with their definitions, which every world has the same. */
export type Deployed = { machines: Map<string, Machine>; definitions: Map<string, { body: string }> };

export const nothingDeployed = (): Deployed => ({ machines: new Map(), definitions: new Map() });

const byPosition = (a: Thread, b: Thread): number => a.position - b.position;
const byDue = (a: { dueMs: number | null }, b: { dueMs: number | null }): number => (a.dueMs ?? 0) - (b.dueMs ?? 0);

/**
 * The rows of `local/states/store.ts` in memory, in which an execution costs no SQL. `states/memory-store.test.ts`
 * holds the two to the same answers. Nothing is listed, and a transaction that throws is not rolled back.
 */
export const memoryStore = ({ machines, definitions }: Deployed) => {
  const executions = new Map<number, Row>();
  const threads = new Map<number, Thread>();
  const tokens = new Map<string, number | null>();
  const outbox = new Map<number, string>();
  const histories = new Map<number, EventRow[]>();
  const last = { execution: 0, thread: 0, event: 0 };

  const executionOf = (row: Row | undefined): Execution | undefined => {
    if (!row) return undefined;
    const { dueMs: _, ...execution } = row;
    return execution;
  };
  const threadsWhere = (which: (thread: Thread) => boolean): Thread[] =>
    [...threads.values()].filter(which).map((thread) => ({ ...thread }));
  const isDue = (nowMs: number) => (row: { dueMs: number | null }) => row.dueMs !== null && row.dueMs <= nowMs;
  const change = (seq: number, to: Partial<Row>): number => {
    const row = executions.get(seq);
    if (row) Object.assign(row, to);
    return 0;
  };
  const closeWhere = (which: (thread: number) => boolean): number => {
    for (const [hash, thread] of tokens) if (thread !== null && which(thread)) tokens.set(hash, null);
    return 0;
  };

  const store: Store = {
    isOpen: () => true,
    transaction: (work) => work(),

    saveDefinition: (digest, body) => {
      if (!definitions.has(digest)) definitions.set(digest, { body });
      return 0;
    },
    definition: (digest) => definitions.get(digest),
    saveMachine: (arn, name, account, digest, createdMs) => {
      machines.set(arn, { arn, name, account, digest, createdMs: machines.get(arn)?.createdMs ?? createdMs });
      return 0;
    },
    machine: (arn) => machines.get(arn),
    machines: () => [],

    insertExecution: (arn, machine, name, digest, input, startedMs, dueMs) => {
      const nothing = { output: null, error: null, cause: null, stoppedMs: null, lastEvent: 0 };
      const seq = ++last.execution;
      executions.set(seq, { seq, arn, machine, name, digest, status: 'RUNNING', input, startedMs, dueMs, ...nothing });
      return seq;
    },
    endExecution: (status, output, error, cause, stoppedMs, seq) =>
      change(seq, { status, output, error, cause, stoppedMs, dueMs: null }),
    setLastEvent: (lastEvent, seq) => change(seq, { lastEvent }),
    execution: (seq) => executionOf(executions.get(seq)),
    executionByArn: (arn) => executionOf([...executions.values()].find((row) => row.arn === arn)),
    executions: () => [],
    newestExecutions: () => [],

    addThread: (thread) => {
      const id = ++last.thread;
      threads.set(id, { ...thread, id, step: 0 });
      return id;
    },
    saveThread: (thread) => {
      if (threads.has(thread.id)) threads.set(thread.id, { ...thread });
    },
    thread: (id) => threadsWhere((thread) => thread.id === id)[0],
    rootThread: (execution) => threadsWhere((thread) => thread.execution === execution && thread.parent === null)[0],
    children: (parent) => threadsWhere((thread) => thread.parent === parent).sort(byPosition),
    nextQueued: (parent) =>
      threadsWhere((thread) => thread.parent === parent && thread.phase === 'queued').sort(byPosition)[0],
    unfinished: (parent) => {
      const first = threadsWhere((thread) => thread.parent === parent && thread.phase !== 'done')[0];
      return first && { id: first.id };
    },
    deleteThread: (id) => Number(threads.delete(id)),
    deleteThreads: (execution) => {
      for (const { id } of threadsWhere((thread) => thread.execution === execution)) threads.delete(id);
      return 0;
    },
    pending: () =>
      threadsWhere(({ phase }) => ['entered', 'result', 'error', 'task'].includes(phase)).map(({ id, phase }) => ({
        id,
        phase,
      })),

    nextDueMs: () => {
      const due = [...threads.values(), ...executions.values()].flatMap(({ dueMs }) => (dueMs === null ? [] : [dueMs]));
      return due.length === 0 ? undefined : Math.min(...due);
    },
    dueThreads: (nowMs) => threadsWhere(isDue(nowMs)).sort(byDue),
    dueExecutions: (nowMs) => [...executions.values()].filter(isDue(nowMs)).flatMap((row) => executionOf(row) ?? []),

    addToken: (hash, thread) => {
      tokens.set(hash, thread);
      return 0;
    },
    token: (hash) => {
      const thread = tokens.get(hash);
      return thread === undefined ? undefined : { thread };
    },
    closeTokens: (id) => closeWhere((thread) => thread === id),
    closeAllTokens: (execution) => closeWhere((thread) => threads.get(thread)?.execution === execution),

    addEvent: (execution, id, previous, type, atMs, detail) => {
      const row = { id, previous, type, atMs, detail };
      const history = histories.get(execution);
      if (history) history.push(row);
      else histories.set(execution, [row]);
      return 0;
    },
    eventsAfter: (execution, after, most) =>
      (histories.get(execution) ?? []).filter(({ id }) => id > after).slice(0, most),
    eventsBefore: () => [],
    statesEntered: () => [],

    addToOutbox: (event) => {
      outbox.set(++last.event, event);
      return 0;
    },
    firstInOutbox: () => {
      const [first] = outbox;
      return first && { seq: first[0], event: first[1] };
    },
    deleteFromOutbox: (seq) => Number(outbox.delete(seq)),
  };
  return Object.assign(store, {
    rows: () => ({ executions: [...executions.values()], threads: [...threads.values()] }),
  });
};

export type MemoryStore = ReturnType<typeof memoryStore>;
