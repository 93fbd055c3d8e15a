import type { DatabaseSync } from 'node:sqlite';
import { atomically } from './atomically.ts';
import type { BusEvent } from './bus-event.ts';
import type { FunctionTarget } from './rules.ts';

/** An event that a target never took. AWS would put it into the rule's dead-letter queue. */
export type DeadLetter = {
  rule: string;
  targetId: string;
  /** A function's name, or the ARN of an event bus. */
  destination: string;
  event: BusEvent;
  /** Calls of the target, the first one included. */
  attempts: number;
  /** `NoPermissions` is not tried again. */
  exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | 'NoPermissions';
  lastError: string;
  diedAtMs: number;
};

export type Delivery = {
  id: number;
  functionName: string;
  event: BusEvent;
  retries: number;
  maxAgeMs: number;
  firstAtMs: number;
  /** Failed calls so far. */
  attempts: number;
};

export type DeliveryStore = {
  add(event: string, rule: string, target: FunctionTarget, nowMs: number): number;
  /** One that was never tried. */
  addDead(death: DeadLetter): void;
  read(id: number): Delivery | undefined;
  /** Written a moment later together with others: an event that a process has taken just before it dies comes again. */
  remove(id: number): void;
  /** Writes what was removed and is not written yet. */
  flush(): void;
  postpone(id: number, attempts: number, nextAtMs: number): void;
  bury(id: number, death: Pick<DeadLetter, 'attempts' | 'exhausted' | 'lastError' | 'diedAtMs'>): void;
  /** Everything undelivered, oldest first. */
  left(): { id: number; functionName: string; nextAtMs: number }[];
  /** Newest first. */
  dead(limit: number): DeadLetter[];
};

const writtenAfterMs = 20;

const schema = `
CREATE TABLE IF NOT EXISTS event_delivery (
  id INTEGER PRIMARY KEY, rule TEXT NOT NULL, target_id TEXT NOT NULL, function_name TEXT NOT NULL, event TEXT NOT NULL,
  retries INTEGER NOT NULL, max_age_ms INTEGER NOT NULL, first_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, next_at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event_dead_letter (
  id INTEGER PRIMARY KEY, rule TEXT NOT NULL, target_id TEXT NOT NULL, function_name TEXT NOT NULL, event TEXT NOT NULL,
  attempts INTEGER NOT NULL, exhausted TEXT NOT NULL, last_error TEXT NOT NULL, died_at_ms INTEGER NOT NULL) STRICT;`;

type Row = {
  id: number;
  rule: string;
  target_id: string;
  function_name: string;
  event: string;
  retries: number;
  max_age_ms: number;
  first_at_ms: number;
  attempts: number;
};
type DeadRow = Pick<Row, 'rule' | 'target_id' | 'function_name' | 'event' | 'attempts'> & {
  exhausted: DeadLetter['exhausted'];
  last_error: string;
  died_at_ms: number;
};

/** Deliveries that are not done yet and those given up. A row stays until it is removed or buried. */
export const createDeliveryStore = (db: DatabaseSync): DeliveryStore => {
  db.exec(schema);
  const insert = db.prepare(
    `INSERT INTO event_delivery (rule, target_id, function_name, event, retries, max_age_ms, first_at_ms, next_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const read = db.prepare('SELECT * FROM event_delivery WHERE id = ?');
  const remove = db.prepare('DELETE FROM event_delivery WHERE id = ?');
  const postpone = db.prepare('UPDATE event_delivery SET attempts = ?, next_at_ms = ? WHERE id = ?');
  const bury = db.prepare(
    `INSERT INTO event_dead_letter (rule, target_id, function_name, event, attempts, exhausted, last_error, died_at_ms)
     SELECT rule, target_id, function_name, event, ?, ?, ?, ? FROM event_delivery WHERE id = ?`,
  );
  const addDead = db.prepare(
    `INSERT INTO event_dead_letter (rule, target_id, function_name, event, attempts, exhausted, last_error, died_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const left = db.prepare(
    'SELECT id, function_name AS functionName, next_at_ms AS nextAtMs FROM event_delivery ORDER BY id',
  );
  const dead = db.prepare('SELECT * FROM event_dead_letter ORDER BY id DESC LIMIT ?');
  let done: number[] = [];
  const flush = (): void => {
    const ids = done;
    done = [];
    if (ids.length > 0 && db.isOpen) atomically(db, () => ids.forEach((id) => void remove.run(id)));
  };
  return {
    flush,
    add: (event, rule, { id, functionName, retry }, nowMs) => {
      const ageMs = retry.maximumEventAgeInSeconds * 1_000;
      const added = insert.run(rule, id, functionName, event, retry.maximumRetryAttempts, ageMs, nowMs, nowMs);
      return Number(added.lastInsertRowid);
    },
    addDead: ({ rule, targetId, destination, event, attempts, exhausted, lastError, diedAtMs }) => {
      addDead.run(rule, targetId, destination, JSON.stringify(event), attempts, exhausted, lastError, diedAtMs);
    },
    read: (id) => {
      const row = read.get(id) as Row | undefined;
      return (
        row && {
          id,
          functionName: row.function_name,
          event: JSON.parse(row.event) as BusEvent,
          retries: row.retries,
          maxAgeMs: row.max_age_ms,
          firstAtMs: row.first_at_ms,
          attempts: row.attempts,
        }
      );
    },
    remove: (id) => {
      if (done.length === 0) setTimeout(flush, writtenAfterMs);
      done.push(id);
    },
    postpone: (id, attempts, nextAtMs) => {
      postpone.run(attempts, nextAtMs, id);
    },
    bury: (id, { attempts, exhausted, lastError, diedAtMs }) =>
      atomically(db, () => {
        bury.run(attempts, exhausted, lastError, diedAtMs, id);
        remove.run(id);
      }),
    left: () => {
      flush();
      return left.all() as { id: number; functionName: string; nextAtMs: number }[];
    },
    dead: (limit) =>
      (dead.all(limit) as DeadRow[]).map((row) => ({
        rule: row.rule,
        targetId: row.target_id,
        destination: row.function_name,
        event: JSON.parse(row.event) as BusEvent,
        attempts: row.attempts,
        exhausted: row.exhausted,
        lastError: row.last_error,
        diedAtMs: row.died_at_ms,
      })),
  };
};
