import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Where one embedded stack keeps everything. Only one process at a time may have it open. */
export type DataFolder = {
  path: string;
  /** Opens `<name>.db`; what a statement committed survives the death of the process. */
  database(name: string): DatabaseSync;
  /** Closes the databases and gives the folder free; an ephemeral one is removed. */
  close(): void;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const ownerIn = (lockFile: string): number | undefined => {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'));
    return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
};

/** `at: undefined` makes a folder that is gone afterwards. Throws a plain Error when another process has it open. */
export const openDataFolder = (at: string | undefined): DataFolder => {
  const path = at === undefined ? mkdtempSync(join(tmpdir(), 'daypass-')) : resolve(at);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  const lockFile = join(path, 'daypass.pid');
  const owner = ownerIn(lockFile);
  if (owner !== undefined) {
    throw new Error(
      `${path} is in use by process ${owner}. Stop that one first, or choose another folder with --data.`,
    );
  }
  writeFileSync(lockFile, String(process.pid), { mode: 0o600 });

  const opened: DatabaseSync[] = [];
  return {
    path,
    database: (name) => {
      const db = new DatabaseSync(join(path, `${name}.db`));
      // WAL with NORMAL loses nothing when the process dies; only a crash of the whole machine could cost the last commits.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
      opened.push(db);
      return db;
    },
    close: () => {
      for (const db of opened) if (db.isOpen) db.close();
      if (at === undefined) rmSync(path, { recursive: true, force: true });
      else rmSync(lockFile, { force: true });
    },
  };
};
