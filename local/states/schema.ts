import type { DatabaseSync } from 'node:sqlite';

/**
 * A thread is one line of control: the execution's own, or that of a branch or an item under it (`parent`).
 * `phase` says what it is about:
 * - `entered`, `result`, `error`: a step is due now (`work`: the result, or the error)
 * - `task`: its function is being invoked; `token`: invoked, waits for the task token (`work`: a `TaskWork`)
 * - `wait`, `backoff`: nothing before `due_ms`
 * - `fan`: its children run; `queued`, `done`: a child that may not start yet, that has its output (`work`)
 *
 * `step` counts its commits, so what was computed from an older state of it is not applied.
 * A token is kept as its hash; `thread` is null once it is closed.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS states_definition (digest TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_machine (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, account TEXT NOT NULL, digest TEXT NOT NULL, created_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_execution (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, name TEXT NOT NULL,
    digest TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
    started_ms INTEGER NOT NULL, stopped_ms INTEGER, due_ms INTEGER, last_event INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS states_execution_machine ON states_execution (machine, seq);
  CREATE INDEX IF NOT EXISTS states_execution_due ON states_execution (due_ms) WHERE due_ms IS NOT NULL;
  CREATE TABLE IF NOT EXISTS states_thread (
    id INTEGER PRIMARY KEY AUTOINCREMENT, execution INTEGER NOT NULL, parent INTEGER, position INTEGER NOT NULL,
    scope TEXT NOT NULL, item TEXT, state TEXT NOT NULL, phase TEXT NOT NULL, step INTEGER NOT NULL,
    input TEXT NOT NULL, variables TEXT NOT NULL, retries TEXT NOT NULL, entered_ms INTEGER NOT NULL,
    last_event INTEGER NOT NULL, due_ms INTEGER, work TEXT
  );
  CREATE INDEX IF NOT EXISTS states_thread_execution ON states_thread (execution);
  CREATE INDEX IF NOT EXISTS states_thread_parent ON states_thread (parent, phase, position) WHERE parent IS NOT NULL;
  CREATE INDEX IF NOT EXISTS states_thread_due ON states_thread (due_ms) WHERE due_ms IS NOT NULL;
  CREATE TABLE IF NOT EXISTS states_token (hash TEXT PRIMARY KEY, thread INTEGER) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS states_token_thread ON states_token (thread) WHERE thread IS NOT NULL;
  CREATE TABLE IF NOT EXISTS states_event (
    execution INTEGER NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL, type TEXT NOT NULL,
    at_ms INTEGER NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (execution, id)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);
`;

/**
 * Creates what is absent. In WAL mode with `synchronous = NORMAL` a killed process loses no commit; a power cut may
 * lose the last ones, which a laptop stack accepts for commits that need no fsync.
 */
export const createTables = (db: DatabaseSync): void => {
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec(tables);
};
