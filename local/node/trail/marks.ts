import type { DatabaseSync } from 'node:sqlite';
import type { Place } from './lookup.ts';

/** How far one place was read. */
export type Mark = {
  /** Where watching began: nothing before it is ever looked at. */
  sinceMs: number;
  /** Every window up to here was read to its end. */
  readToMs: number;
  /** When a wide window was last read, for events that came late. */
  deepAtMs: number;
};

/** What the poller must not forget when its process dies. */
export type Marks = {
  /** The mark of the place; one that is new begins at `nowMs`. */
  of(place: Place, nowMs: number): Mark;
  move(place: Place, mark: Pick<Mark, 'readToMs' | 'deepAtMs'>): void;
  /** Whether the event was put on the bus before. */
  knows(eventId: string): boolean;
  learn(eventId: string, atMs: number): void;
  /** Forgets the ids of events older than this. */
  forget(beforeMs: number): void;
};

const schema = `
CREATE TABLE IF NOT EXISTS trail_mark (
  account TEXT NOT NULL, region TEXT NOT NULL, since_ms INTEGER NOT NULL, read_to_ms INTEGER NOT NULL,
  deep_at_ms INTEGER NOT NULL, PRIMARY KEY (account, region)) STRICT;
CREATE TABLE IF NOT EXISTS trail_seen (event_id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS trail_seen_by_age ON trail_seen (at_ms);`;

/**
 * The database must be the bus's own file: SQLite keeps the order of commits, so also after a crash of the whole
 * machine no mark is there without the events that it stands for.
 */
export const createMarks = (db: DatabaseSync): Marks => {
  db.exec(schema);
  const add = db.prepare('INSERT INTO trail_mark VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const read = db.prepare(
    'SELECT since_ms AS sinceMs, read_to_ms AS readToMs, deep_at_ms AS deepAtMs FROM trail_mark WHERE account = ? AND region = ?',
  );
  const move = db.prepare('UPDATE trail_mark SET read_to_ms = ?, deep_at_ms = ? WHERE account = ? AND region = ?');
  const knows = db.prepare('SELECT 1 FROM trail_seen WHERE event_id = ?');
  const learn = db.prepare('INSERT INTO trail_seen VALUES (?, ?) ON CONFLICT DO NOTHING');
  const forget = db.prepare('DELETE FROM trail_seen WHERE at_ms < ?');
  return {
    of: ({ accountId, region }, nowMs) => {
      add.run(accountId, region, nowMs, nowMs, nowMs);
      return { ...(read.get(accountId, region) as Mark) };
    },
    move: ({ accountId, region }, { readToMs, deepAtMs }) => {
      move.run(readToMs, deepAtMs, accountId, region);
    },
    knows: (eventId) => knows.get(eventId) !== undefined,
    learn: (eventId, atMs) => {
      learn.run(eventId, atMs);
    },
    forget: (beforeMs) => {
      forget.run(beforeMs);
    },
  };
};
