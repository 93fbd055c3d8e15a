import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { atomically } from '../events/atomically.ts';
import type { CloudTrailRecord } from './record.ts';
import type { ResourceName } from './resources.ts';

/** A record with what LookupEvents searches and shows beside it. */
export type Kept = { atMs: number; record: CloudTrailRecord; username?: string; resources: readonly ResourceName[] };

/** Where a page goes on: behind this record. */
export type Position = { atMs: number; seq: number };

type TrailQuery = {
  accountId: string;
  region: string;
  sinceMs: number;
  untilMs: number;
  attribute?: { key: string; value: string };
  limit: number;
  behind?: Position;
};

export type TrailStore = {
  /**
   * Written a moment later together with others, since every call of the stack makes one; whoever reads finds it at
   * once.
   */
  keep(kept: Kept): void;
  /** Keeps what this makes until 400 others came after it, and makes it only for who asks for the newest. */
  keepInMind(atMs: number, make: () => CloudTrailRecord[]): void;
  /** Management events, newest first, with the position of each. */
  lookUp(query: TrailQuery): (Kept & Position)[];
  /** The newest records of all accounts and regions, data events included. */
  newest(limit: number): CloudTrailRecord[];
  prune(olderThanMs: number): void;
  /** Writes what was kept and is not written yet. */
  flush(): void;
};

const mostInMind = 400;

/** How many of the oldest records go at once where there is no more room. */
const goneAtOnce = 500;

/** A process that dies meanwhile loses lines of history and no alarm. */
const writtenAfterMs = 20;

const schema = `
CREATE TABLE IF NOT EXISTS cloudtrail_record (
  seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, management INTEGER NOT NULL,
  event_id TEXT NOT NULL, event_name TEXT NOT NULL, event_source TEXT NOT NULL, read_only TEXT NOT NULL,
  username TEXT, access_key_id TEXT, resources TEXT NOT NULL, record TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS cloudtrail_by_time ON cloudtrail_record (account, region, management, at_ms);
CREATE INDEX IF NOT EXISTS cloudtrail_by_age ON cloudtrail_record (at_ms);
CREATE INDEX IF NOT EXISTS cloudtrail_by_key ON cloudtrail_record (access_key_id, at_ms) WHERE management = 1;
CREATE TABLE IF NOT EXISTS cloudtrail_size (bytes INTEGER NOT NULL) STRICT;
INSERT INTO cloudtrail_size SELECT total(octet_length(record)) FROM cloudtrail_record
  WHERE NOT EXISTS (SELECT 1 FROM cloudtrail_size);`;

const named = (member: 'ResourceType' | 'ResourceName'): string =>
  `EXISTS (SELECT 1 FROM json_each(resources) WHERE json_extract(value, '$.${member}') = ?)`;

/**
 * The attributes of LookupEvents:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupAttribute.html
 */
const conditions: Readonly<Record<string, string>> = {
  EventId: 'event_id = ?',
  EventName: 'event_name = ?',
  ReadOnly: 'read_only = ?',
  Username: 'username = ?',
  ResourceType: named('ResourceType'),
  ResourceName: named('ResourceName'),
  EventSource: 'event_source = ?',
  AccessKeyId: 'access_key_id = ?',
};

export const isLookupAttribute = (key: string): boolean => Object.hasOwn(conditions, key);

type Row = { seq: number; at_ms: number; username: string | null; resources: string; record: string };

const keptOf = (row: Row): Kept & Position => ({
  seq: row.seq,
  atMs: row.at_ms,
  record: JSON.parse(row.record) as CloudTrailRecord,
  resources: JSON.parse(row.resources) as ResourceName[],
  ...(row.username === null ? {} : { username: row.username }),
});

const accessKeyOf = ({ userIdentity }: CloudTrailRecord): string | null =>
  'accessKeyId' in userIdentity ? userIdentity.accessKeyId : null;

/** `mostBytes`: of records. Beyond them the oldest go, however young they are. */
export const createTrailStore = (db: DatabaseSync, mostBytes: number): TrailStore => {
  db.exec(schema);
  const insert = db.prepare(
    `INSERT INTO cloudtrail_record (at_ms, account, region, management, event_id, event_name, event_source, read_only,
       username, access_key_id, resources, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const newest = db.prepare('SELECT at_ms, record FROM cloudtrail_record ORDER BY seq DESC LIMIT ?');
  const removeBefore = db.prepare(
    'DELETE FROM cloudtrail_record WHERE at_ms < ? RETURNING octet_length(record) AS bytes',
  );
  const removeOldest = db.prepare(
    'DELETE FROM cloudtrail_record WHERE seq IN (SELECT seq FROM cloudtrail_record ORDER BY seq LIMIT ?) RETURNING octet_length(record) AS bytes',
  );
  const size = db.prepare('SELECT bytes FROM cloudtrail_size');
  const resize = db.prepare('UPDATE cloudtrail_size SET bytes = ?');
  let unwritten: Kept[] = [];
  const inMind: { atMs: number; records: () => CloudTrailRecord[] }[] = [];
  /** How many bytes it takes. */
  const write = ({ atMs, record, username, resources }: Kept): number => {
    const written = JSON.stringify(record);
    insert.run(
      ...[atMs, record.recipientAccountId, record.awsRegion, record.managementEvent ? 1 : 0],
      ...[record.eventID, record.eventName, record.eventSource, String(record.readOnly)],
      ...[username ?? null, accessKeyOf(record), JSON.stringify(resources), written],
    );
    return Buffer.byteLength(written);
  };
  const bytesKept = (): number => Number(size.get()?.bytes ?? 0);
  const bytesOf = (removed: { bytes?: unknown }[]): number =>
    removed.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const makeRoom = (bytes: number): void => {
    let left = bytes;
    for (let removed = -1; left > mostBytes && removed !== 0; left -= removed) {
      removed = bytesOf(removeOldest.all(goneAtOnce));
    }
    resize.run(left);
  };
  const flush = (): void => {
    const kept = unwritten;
    unwritten = [];
    if (kept.length === 0 || !db.isOpen) return;
    atomically(db, () => makeRoom(kept.reduce((bytes, each) => bytes + write(each), bytesKept())));
  };
  return {
    flush,
    keepInMind: (atMs, make) => {
      let made: CloudTrailRecord[] | undefined;
      const records = (): CloudTrailRecord[] => {
        made ??= make();
        return made;
      };
      inMind.unshift({ atMs, records });
      inMind.length = Math.min(inMind.length, mostInMind);
    },
    keep: (kept) => {
      if (unwritten.length === 0) setTimeout(flush, writtenAfterMs);
      unwritten.push(kept);
    },
    lookUp: ({ accountId, region, sinceMs, untilMs, attribute, limit, behind }) => {
      flush();
      const where = ['account = ?', 'region = ?', 'management = 1', 'at_ms BETWEEN ? AND ?'];
      const values: SQLInputValue[] = [accountId, region, sinceMs, untilMs];
      const condition = attribute && conditions[attribute.key];
      if (condition) {
        where.push(condition);
        values.push(attribute.value);
      }
      if (behind) {
        where.push('(at_ms, seq) < (?, ?)');
        values.push(behind.atMs, behind.seq);
      }
      const query = db.prepare(
        `SELECT * FROM cloudtrail_record WHERE ${where.join(' AND ')} ORDER BY at_ms DESC, seq DESC LIMIT ?`,
      );
      return (query.all(...values, limit) as Row[]).map(keptOf);
    },
    newest: (limit) => {
      flush();
      const onDisk = (newest.all(limit) as { at_ms: number; record: string }[]).map((row) => ({
        atMs: row.at_ms,
        records: () => [JSON.parse(row.record) as CloudTrailRecord],
      }));
      return [...inMind, ...onDisk]
        .sort((one, other) => other.atMs - one.atMs)
        .slice(0, limit)
        .flatMap(({ records }) => records());
    },
    prune: (olderThanMs) => {
      flush();
      atomically(db, () => resize.run(bytesKept() - bytesOf(removeBefore.all(olderThanMs))));
    },
  };
};
