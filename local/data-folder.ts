import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { claimFolder, type FolderKind } from './node/folder-kind.ts';
import { takeFolder } from './take-folder.ts';

/** Where one embedded stack keeps everything. Only one process at a time may have it open. */
export type DataFolder = {
  path: string;
  /** Opens `<name>.db`; what a statement committed survives the death of the process. */
  database(name: string): DatabaseSync;
  /** Closes the databases and gives the folder free; an ephemeral one is removed. */
  close(): void;
};

/** A process that is being stopped or was killed this moment gets so long to let go. */
const patienceMs = 5_000;

/** Held through SQLite, so that the system gives it free when the process dies, however it dies. */
const lock = (path: string): DatabaseSync => {
  const pidFile = join(path, 'daypass.pid');
  const db = new DatabaseSync(join(path, 'lock.db'), { timeout: patienceMs });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    db.close();
    const owner = existsSync(pidFile) ? `process ${readFileSync(pidFile, 'utf8')}` : 'another process';
    throw new Error(`${path} is in use by ${owner}. Stop that one first, or choose another folder with --data.`, {
      cause: error,
    });
  }
  writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
  return db;
};

/**
 * `at: undefined` makes a folder that is gone afterwards. Throws a plain Error, which says what to do, when it is
 * somebody else's, cannot be used, holds the other kind of state, or is open in another process.
 */
export const openDataFolder = (at: string | undefined, kind: FolderKind = 'laptop'): DataFolder => {
  const path = at === undefined ? mkdtempSync(join(tmpdir(), 'daypass-')) : takeFolder(at);
  const opened: DatabaseSync[] = [lock(path)];
  try {
    claimFolder(path, kind);
  } catch (error) {
    for (const db of opened) db.close();
    throw error;
  }
  return {
    path,
    database: (name) => {
      const db = new DatabaseSync(join(path, `${name}.db`));
      // WAL with NORMAL loses nothing when the process dies; only a crash of the whole machine could cost the last
      // commits.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
      opened.push(db);
      return db;
    },
    close: () => {
      for (const db of opened) if (db.isOpen) db.close();
      rmSync(at === undefined ? path : join(path, 'daypass.pid'), { recursive: true, force: true });
    },
  };
};
