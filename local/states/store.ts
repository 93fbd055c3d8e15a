import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { EventRow, Execution, ExecutionStatus, Machine, Phase, Thread } from './rows.ts';
import { createTables } from './schema.ts';

const executionColumns = `seq, arn, machine, name, digest, status, input, output, error, cause,
  started_ms AS startedMs, stopped_ms AS stoppedMs, last_event AS lastEvent`;
const threadColumns = `id, execution, parent, position, scope, item, state, phase, step, input, variables, retries,
  entered_ms AS enteredMs, last_event AS lastEvent, due_ms AS dueMs, work`;

export type NewThread = Omit<Thread, 'id' | 'step'>;

/** The tables, one statement per method. Nothing here decides anything. */
export const openStore = (db: DatabaseSync) => {
  createTables(db);
  const one = <Row>(sql: string) => {
    const statement = db.prepare(sql);
    return (...values: SQLInputValue[]): Row | undefined => statement.get(...values) as Row | undefined;
  };
  const all = <Row>(sql: string) => {
    const statement = db.prepare(sql);
    return (...values: SQLInputValue[]): Row[] => statement.all(...values) as Row[];
  };
  const run = (sql: string) => {
    const statement = db.prepare(sql);
    return (...values: SQLInputValue[]): number => Number(statement.run(...values).lastInsertRowid);
  };
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');

  const insertThread = run(`INSERT INTO states_thread
    (execution, parent, position, scope, item, state, phase, step, input, variables, retries, entered_ms, last_event, due_ms, work)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`);
  const updateThread = run(`UPDATE states_thread SET state = ?, phase = ?, step = ?, input = ?, variables = ?,
    retries = ?, entered_ms = ?, last_event = ?, due_ms = ?, work = ? WHERE id = ?`);
  const nextDue = one<{ atMs: number | null }>(`SELECT min(at) AS atMs FROM (
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

    saveDefinition: run('INSERT INTO states_definition (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    definition: one<{ body: string }>('SELECT body FROM states_definition WHERE digest = ?'),
    saveMachine: run(`INSERT INTO states_machine (arn, name, account, digest, created_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (arn) DO UPDATE SET digest = excluded.digest`),
    machine: one<Machine>('SELECT *, created_ms AS createdMs FROM states_machine WHERE arn = ?'),
    machines: all<Machine>(
      'SELECT *, created_ms AS createdMs FROM states_machine WHERE account = ? AND name > ? ORDER BY name LIMIT ?',
    ),

    insertExecution: run(`INSERT INTO states_execution
      (arn, machine, name, digest, status, input, started_ms, due_ms, last_event) VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?, 0)`),
    endExecution: run(`UPDATE states_execution
      SET status = ?, output = ?, error = ?, cause = ?, stopped_ms = ?, due_ms = NULL WHERE seq = ?`),
    setLastEvent: run('UPDATE states_execution SET last_event = ? WHERE seq = ?'),
    execution: one<Execution>(`SELECT ${executionColumns} FROM states_execution WHERE seq = ?`),
    executionByArn: one<Execution>(`SELECT ${executionColumns} FROM states_execution WHERE arn = ?`),
    /** Newest first, from below `beforeSeq`; an empty status is any. */
    executions: all<Execution>(`SELECT ${executionColumns} FROM states_execution
      WHERE machine = ? AND seq < ? AND (? = '' OR status = ?) ORDER BY seq DESC LIMIT ?`),
    newestExecutions: all<Execution>(`SELECT ${executionColumns} FROM states_execution ORDER BY seq DESC LIMIT ?`),

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
    thread: one<Thread>(`SELECT ${threadColumns} FROM states_thread WHERE id = ?`),
    rootThread: one<Thread>(`SELECT ${threadColumns} FROM states_thread WHERE execution = ? AND parent IS NULL`),
    children: all<Thread>(`SELECT ${threadColumns} FROM states_thread WHERE parent = ? ORDER BY position`),
    nextQueued: one<Thread>(
      `SELECT ${threadColumns} FROM states_thread WHERE parent = ? AND phase = 'queued' ORDER BY position LIMIT 1`,
    ),
    unfinished: one<{ id: number }>(`SELECT id FROM states_thread WHERE parent = ? AND phase <> 'done' LIMIT 1`),
    deleteThread: run('DELETE FROM states_thread WHERE id = ?'),
    deleteThreads: run('DELETE FROM states_thread WHERE execution = ?'),
    /** Threads that are to be attended to after a restart. */
    pending: all<{ id: number; phase: Phase }>(
      `SELECT id, phase FROM states_thread WHERE phase IN ('entered', 'result', 'error', 'task') ORDER BY id`,
    ),

    nextDueMs: (): number | undefined => nextDue()?.atMs ?? undefined,
    dueThreads: all<Thread>(`SELECT ${threadColumns} FROM states_thread WHERE due_ms <= ? ORDER BY due_ms LIMIT 100`),
    dueExecutions: all<Execution>(
      `SELECT ${executionColumns} FROM states_execution WHERE due_ms <= ? ORDER BY due_ms LIMIT 100`,
    ),

    addToken: run('INSERT INTO states_token (hash, thread) VALUES (?, ?)'),
    token: one<{ thread: number | null }>('SELECT thread FROM states_token WHERE hash = ?'),
    closeTokens: run('UPDATE states_token SET thread = NULL WHERE thread = ?'),
    closeAllTokens: run(
      'UPDATE states_token SET thread = NULL WHERE thread IN (SELECT id FROM states_thread WHERE execution = ?)',
    ),

    addEvent: run('INSERT INTO states_event (execution, id, previous, type, at_ms, detail) VALUES (?, ?, ?, ?, ?, ?)'),
    eventsAfter: all<EventRow>(`SELECT id, previous, type, at_ms AS atMs, detail FROM states_event
      WHERE execution = ? AND id > ? ORDER BY id LIMIT ?`),
    eventsBefore: all<EventRow>(`SELECT id, previous, type, at_ms AS atMs, detail FROM states_event
      WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?`),
    statesEntered: all<{ name: string; atMs: number }>(`SELECT
        json_extract(detail, '$.stateEnteredEventDetails.name') AS name, at_ms AS atMs
      FROM states_event WHERE execution = ? AND type LIKE '%StateEntered' ORDER BY id`),

    addToOutbox: run('INSERT INTO states_outbox (event) VALUES (?)'),
    firstInOutbox: one<{ seq: number; event: string }>('SELECT seq, event FROM states_outbox ORDER BY seq LIMIT 1'),
    deleteFromOutbox: run('DELETE FROM states_outbox WHERE seq = ?'),
  };
};

export type Store = ReturnType<typeof openStore>;

export type EndedStatus = Exclude<ExecutionStatus, 'RUNNING'>;
