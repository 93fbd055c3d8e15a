import type { DatabaseSync } from 'node:sqlite';

/** Roles and users share a table: they differ in what only roles have (`trust`, `bound_ids`, `max_session_sec`). */
export const createIamTables = (db: DatabaseSync): void =>
  db.exec(`
    CREATE TABLE IF NOT EXISTS iam_accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS iam_principals (
      id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('role', 'user')),
      account_id TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, path TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL, tags TEXT NOT NULL, boundary_arn TEXT,
      trust TEXT, bound_ids TEXT, max_session_sec INTEGER, description TEXT,
      UNIQUE (kind, account_id, name_key)) STRICT;
    CREATE TABLE IF NOT EXISTS iam_inline_policies (
      owner_id TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (owner_id, name)) STRICT;
    CREATE TABLE IF NOT EXISTS iam_managed_policies (
      arn TEXT PRIMARY KEY, id TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS iam_access_keys (
      id TEXT PRIMARY KEY, user_id TEXT NOT NULL, created_at_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS iam_deployed (arn TEXT PRIMARY KEY, description TEXT NOT NULL) STRICT;
  `);
