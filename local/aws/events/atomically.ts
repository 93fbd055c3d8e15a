import type { DatabaseSync } from 'node:sqlite';

/**
 * Runs the writes as one; also inside a transaction that is already open. What `run` throws undoes them and goes on up.
 */
export const atomically = (db: DatabaseSync, run: () => void): void => {
  db.exec('SAVEPOINT atomically');
  try {
    run();
  } catch (error) {
    db.exec('ROLLBACK TO atomically; RELEASE atomically');
    throw error;
  }
  db.exec('RELEASE atomically');
};
