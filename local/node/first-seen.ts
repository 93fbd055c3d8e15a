import type { DatabaseSync } from 'node:sqlite';

/** As long as an answer is kept for a payload that comes again. */
const keptMs = 3_600_000;

/** When a payload of Slack came first: the same also after a restart, since ids are made of it. */
export const createFirstSeen = (db: DatabaseSync): ((key: string, nowMs: number) => number) => {
  db.exec('CREATE TABLE IF NOT EXISTS first_seen (key TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID');
  const forget = db.prepare('DELETE FROM first_seen WHERE at_ms < ?');
  const add = db.prepare('INSERT INTO first_seen VALUES (?, ?) ON CONFLICT DO NOTHING');
  const read = db.prepare('SELECT at_ms AS atMs FROM first_seen WHERE key = ?');
  return (key, nowMs) => {
    forget.run(nowMs - keptMs);
    add.run(key, nowMs);
    return (read.get(key) as { atMs: number }).atMs;
  };
};
