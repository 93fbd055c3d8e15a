import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { EventRow, Execution, ExecutionStatus, Machine, Phase, Thread } from './rows.ts';
import { createTables } from './schema.ts';

const machineColumns = 'arn, name, account, digest, created_ms AS createdMs';
const executionColumns = `seq, arn, machine, name, digest, status, input, output, error, cause,
  started_ms AS startedMs, stopped_ms AS stoppedMs, last_event AS lastEvent`;
const threadColumns = `id, execution, parent, position, scope, item, state, phase, step, input, variables, retries,
  entered_ms AS enteredMs, last_event AS lastEvent, due_ms AS dueMs, work`;

export type NewThread = Omit<Thread, 'id' | 'step'>;

/**
 * The tables, one statement per method. Nothing here decides anything, so whatever keeps the same rows is as good a
 * store.
 */
export const openStore = (db: DatabaseSync) => {
  createTables(db);
  const one = <Row, Values extends SQLInputValue[]>(sql: string) => {
    const statement = db.prepare(sql);
    return (...values: Values): Row | undefined => statement.get(...values) as Row | undefined;
  };
  const all = <Row, Values extends SQLInputValue[]>(sql: string) => {
    const statement = db.prepare(sql);
    return (...values: Values): Row[] => statement.all(...values) as Row[];
  };
  const run = <Values extends SQLInputValue[]>(sql: string) => {
    const statement = db.prepare(sql);
    return (...values: Values): number => Number(statement.run(...values).lastInsertRowid);
  };
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');

  const insertThread = run(`INSERT INTO states_thread
    (execution, parent, position, scope, item, state, phase, step, input, variables, retries, entered_ms, last_event, due_ms, work)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`);
  const updateThread = run(`UPDATE states_thread SET state = ?, phase = ?, step = ?, input = ?, variables = ?,
    retries = ?, entered_ms = ?, last_event = ?, due_ms = ?, work = ? WHERE id = ?`);
  const nextDue = one<{ atMs: number | null }, []>(`SELECT min(at) AS atMs FROM (
    SELECT min(due_ms) AS at FROM states_thread WHERE due_ms IS NOT NULL
    UNION ALL SELECT min(due_ms) FROM states_execution WHERE due_ms IS NOT NULL)`);

  return {
    isOpen: (): boolean => db.isOpen,
    /** Runs `work` in one transaction. What it throws rolls everything back. */
    transaction: <T>(work: () => T): T => {
      begin.run();
      try {
        const value = work();
        commit.run();
        return value;
      } catch (error) {
        if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },

    saveDefinition: run<[digest: string, body: string]>(
      'INSERT INTO states_definition (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    definition: one<{ body: string }, [digest: string]>('SELECT body FROM states_definition WHERE digest = ?'),
    saveMachine: run<
      [arn: string, name: string, account: string, digest: string, createdMs: number]
    >(`INSERT INTO states_machine (arn, name, account, digest, created_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (arn) DO UPDATE SET digest = excluded.digest`),
    machine: one<Machine, [arn: string]>(`SELECT ${machineColumns} FROM states_machine WHERE arn = ?`),
    machines: all<Machine, [account: string, afterName: string, most: number]>(
      `SELECT ${machineColumns} FROM states_machine WHERE account = ? AND name > ? ORDER BY name LIMIT ?`,
    ),

    insertExecution: run<
      [
        arn: string,
        machine: string,
        name: string,
        digest: string,
        input: string,
        startedMs: number,
        dueMs: number | null,
      ]
    >(`INSERT INTO states_execution
      (arn, machine, name, digest, status, input, started_ms, due_ms, last_event) VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?, 0)`),
    endExecution: run<
      [
        status: EndedStatus,
        output: string | null,
        error: string | null,
        cause: string | null,
        stoppedMs: number,
        seq: number,
      ]
    >(`UPDATE states_execution
      SET status = ?, output = ?, error = ?, cause = ?, stopped_ms = ?, due_ms = NULL WHERE seq = ?`),
    setLastEvent: run<[lastEvent: number, seq: number]>('UPDATE states_execution SET last_event = ? WHERE seq = ?'),
    execution: one<Execution, [seq: number]>(`SELECT ${executionColumns} FROM states_execution WHERE seq = ?`),
    executionByArn: one<Execution, [arn: string]>(`SELECT ${executionColumns} FROM states_execution WHERE arn = ?`),
    /** Newest first, from below `beforeSeq`; an empty status is any. */
    executions: all<
      Execution,
      [machine: string, beforeSeq: number, status: string, sameStatus: string, most: number]
    >(`SELECT ${executionColumns} FROM states_execution
      WHERE machine = ? AND seq < ? AND (? = '' OR status = ?) ORDER BY seq DESC LIMIT ?`),
    newestExecutions: all<Execution, [most: number]>(
      `SELECT ${executionColumns} FROM states_execution ORDER BY seq DESC LIMIT ?`,
    ),

    addThread: (t: NewThread): number =>
      insertThread(
        t.execution,
        t.parent,
        t.position,
        t.scope,
        t.item,
        t.state,
        t.phase,
        t.input,
        t.variables,
        t.retries,
        t.enteredMs,
        t.lastEvent,
        t.dueMs,
        t.work,
      ),
    saveThread: (t: Thread): void => {
      updateThread(
        t.state,
        t.phase,
        t.step,
        t.input,
        t.variables,
        t.retries,
        t.enteredMs,
        t.lastEvent,
        t.dueMs,
        t.work,
        t.id,
      );
    },
    thread: one<Thread, [id: number]>(`SELECT ${threadColumns} FROM states_thread WHERE id = ?`),
    rootThread: one<Thread, [execution: number]>(
      `SELECT ${threadColumns} FROM states_thread WHERE execution = ? AND parent IS NULL`,
    ),
    children: all<Thread, [parent: number]>(
      `SELECT ${threadColumns} FROM states_thread WHERE parent = ? ORDER BY position`,
    ),
    nextQueued: one<Thread, [parent: number]>(
      `SELECT ${threadColumns} FROM states_thread WHERE parent = ? AND phase = 'queued' ORDER BY position LIMIT 1`,
    ),
    unfinished: one<{ id: number }, [parent: number]>(
      `SELECT id FROM states_thread WHERE parent = ? AND phase <> 'done' LIMIT 1`,
    ),
    deleteThread: run<[id: number]>('DELETE FROM states_thread WHERE id = ?'),
    deleteThreads: run<[execution: number]>('DELETE FROM states_thread WHERE execution = ?'),
    /** Threads that are to be attended to after a restart. */
    pending: all<{ id: number; phase: Phase }, []>(
      `SELECT id, phase FROM states_thread WHERE phase IN ('entered', 'result', 'error', 'task') ORDER BY id`,
    ),

    nextDueMs: (): number | undefined => nextDue()?.atMs ?? undefined,
    dueThreads: all<Thread, [nowMs: number]>(
      `SELECT ${threadColumns} FROM states_thread WHERE due_ms <= ? ORDER BY due_ms LIMIT 100`,
    ),
    dueExecutions: all<Execution, [nowMs: number]>(
      `SELECT ${executionColumns} FROM states_execution WHERE due_ms <= ? ORDER BY due_ms LIMIT 100`,
    ),

    addToken: run<[hash: string, thread: number]>('INSERT INTO states_token (hash, thread) VALUES (?, ?)'),
    token: one<{ thread: number | null }, [hash: string]>('SELECT thread FROM states_token WHERE hash = ?'),
    closeTokens: run<[thread: number]>('UPDATE states_token SET thread = NULL WHERE thread = ?'),
    closeAllTokens: run<[execution: number]>(
      'UPDATE states_token SET thread = NULL WHERE thread IN (SELECT id FROM states_thread WHERE execution = ?)',
    ),

    addEvent: run<[execution: number, id: number, previous: number, type: string, atMs: number, detail: string]>(
      'INSERT INTO states_event (execution, id, previous, type, at_ms, detail) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    eventsAfter: all<
      EventRow,
      [execution: number, id: number, most: number]
    >(`SELECT id, previous, type, at_ms AS atMs, detail FROM states_event
      WHERE execution = ? AND id > ? ORDER BY id LIMIT ?`),
    eventsBefore: all<
      EventRow,
      [execution: number, id: number, most: number]
    >(`SELECT id, previous, type, at_ms AS atMs, detail FROM states_event
      WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?`),
    statesEntered: all<{ name: string; atMs: number }, [execution: number]>(`SELECT
        json_extract(detail, '$.stateEnteredEventDetails.name') AS name, at_ms AS atMs
      FROM states_event WHERE execution = ? AND type LIKE '%StateEntered' ORDER BY id`),

    addToOutbox: run<[event: string]>('INSERT INTO states_outbox (event) VALUES (?)'),
    firstInOutbox: one<{ seq: number; event: string }, []>('SELECT seq, event FROM states_outbox ORDER BY seq LIMIT 1'),
    deleteFromOutbox: run<[seq: number]>('DELETE FROM states_outbox WHERE seq = ?'),
  };
};

export type Store = ReturnType<typeof openStore>;

export type EndedStatus = Exclude<ExecutionStatus, 'RUNNING'>;
