import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const otherFolder = 'Choose another folder with --data.';

/** What lies there between the first look and the moment when the folder is claimed. */
const beginnings = new Set(['lock.db', 'lock.db-journal', 'daypass.pid']);
const sqliteHeader = 'SQLite format 3\0';

const isKind = (file: string): boolean => ['laptop', 'node'].includes(readFileSync(file, 'utf8').trim());

const isSqlite = (file: string): boolean => {
  const first = Buffer.alloc(sqliteHeader.length);
  const descriptor = openSync(file, 'r');
  try {
    return readSync(descriptor, first) === first.length && first.toString('latin1') === sqliteHeader;
  } finally {
    closeSync(descriptor);
  }
};

/** By its `kind`, by the database of a version before there were kinds, or because it was only just begun. */
const isOurs = (path: string, names: readonly string[]): boolean => {
  const has = (name: string) => names.includes(name);
  if (has('kind') && isKind(join(path, 'kind'))) return true;
  if (has('aws.db') && isSqlite(join(path, 'aws.db'))) return true;
  return names.length > 0 && names.every((name) => beginnings.has(name));
};

const whatSystemSaid: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read and written by this user',
  EPERM: 'belongs to another user',
  ENOTDIR: 'lies under a file',
  ENOENT: 'is a link to nothing',
  ELOOP: 'is a link that leads back to itself',
  EROFS: 'is on a file system that cannot be written',
};

/**
 * The folder as it is after all links, for its owner alone; made where it is not there. One that is there is taken
 * where it is Daypass's, or empty and nobody else's: whatever lies in another would be closed to those who use it.
 * Throws a plain Error that says what to do.
 */
export const takeFolder = (at: string): string => {
  const named = resolve(at);
  try {
    const found = statSync(named, { throwIfNoEntry: false });
    if (!found) {
      mkdirSync(named, { recursive: true, mode: 0o700 });
      return realpathSync(named);
    }
    if (!found.isDirectory())
      throw new Error(`${named} is a file, and Daypass keeps its data in a folder. ${otherFolder}`);
    const path = realpathSync(named);
    const names = readdirSync(path);
    if (!isOurs(path, names)) {
      if (names.length > 0) {
        throw new Error(
          `${path} is not empty and not Daypass's: it would be closed to everybody else. ${otherFolder} An empty or a new one.`,
        );
      }
      if ((found.mode & 0o1002) !== 0) {
        throw new Error(`Everybody may write to ${path}. ${otherFolder} One that is yours alone.`);
      }
    }
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
    return path;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const said = whatSystemSaid[code];
    if (said === undefined) throw error;
    throw new Error(`${named} ${said}. ${otherFolder}`, { cause: error });
  }
};
