import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Message } from './message.ts';

/** Zero-padded so that text order is time order: see `tsSequence`. */
const tables = `
  CREATE TABLE IF NOT EXISTS workspace_messages (
    conversation TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, author TEXT NOT NULL, text TEXT NOT NULL,
    blocks TEXT, metadata TEXT, edited_ts TEXT, broadcast INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (conversation, ts)) STRICT;
  CREATE INDEX IF NOT EXISTS workspace_threads ON workspace_messages (conversation, thread_ts);
  CREATE TABLE IF NOT EXISTS workspace_directs (conversation TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS workspace_reads (
    person TEXT NOT NULL, conversation TEXT NOT NULL, ts TEXT NOT NULL, PRIMARY KEY (person, conversation)) STRICT;
  CREATE TABLE IF NOT EXISTS workspace_deactivated (person TEXT PRIMARY KEY) STRICT;
`;

/** A folder of an earlier version has no such column. */
const addBroadcast = (db: DatabaseSync): void => {
  const columns = db.prepare('PRAGMA table_info(workspace_messages)').all();
  if (columns.some(({ name }) => name === 'broadcast')) return;
  db.exec('ALTER TABLE workspace_messages ADD COLUMN broadcast INTEGER NOT NULL DEFAULT 0');
};

type Row = Record<string, SQLOutputValue>;

const toMessage = (row: Row): Message => ({
  conversationId: String(row.conversation),
  ts: String(row.ts),
  authorId: String(row.author),
  text: String(row.text),
  ...(row.thread_ts === null ? {} : { threadTs: String(row.thread_ts) }),
  ...(row.broadcast === 1 ? { broadcast: true } : {}),
  ...(row.blocks === null ? {} : { blocks: JSON.parse(String(row.blocks)) }),
  ...(row.metadata === null ? {} : { metadata: JSON.parse(String(row.metadata)) }),
  ...(row.edited_ts === null ? {} : { editedTs: String(row.edited_ts) }),
});

/** Bounds of a page of messages. `oldest` and `latest` are left out themselves unless `inclusive`. */
export type Range = { oldest?: string; latest?: string; inclusive?: boolean; limit: number };

export type Store = ReturnType<typeof openStore>;

/** The workspace's messages. Each write is committed before it returns, so what was answered ok survives a kill. */
export const openStore = (db: DatabaseSync) => {
  db.exec(tables);
  addBroadcast(db);
  const insert = db.prepare('INSERT INTO workspace_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const change = db.prepare(
    'UPDATE workspace_messages SET text = ?, blocks = ?, metadata = ?, edited_ts = ? WHERE conversation = ? AND ts = ?',
  );
  const remove = db.prepare('DELETE FROM workspace_messages WHERE conversation = ? AND ts = ?');
  const one = db.prepare('SELECT * FROM workspace_messages WHERE conversation = ? AND ts = ?');
  const page = db.prepare(
    `SELECT * FROM workspace_messages WHERE conversation = ? AND (thread_ts IS NULL OR broadcast = 1) AND ts >= ? AND ts <= ?
     ORDER BY ts DESC LIMIT ?`,
  );
  const thread = db.prepare('SELECT * FROM workspace_messages WHERE conversation = ? AND thread_ts = ? ORDER BY ts');
  const newest = db.prepare('SELECT max(ts) AS ts FROM workspace_messages');
  const openDirect = db.prepare('INSERT OR IGNORE INTO workspace_directs VALUES (?)');
  const directs = db.prepare('SELECT conversation FROM workspace_directs');
  const read = db.prepare(
    `INSERT INTO workspace_reads VALUES (?, ?, ?)
     ON CONFLICT (person, conversation) DO UPDATE SET ts = max(ts, excluded.ts)`,
  );
  const lastRead = db.prepare('SELECT ts FROM workspace_reads WHERE person = ? AND conversation = ?');
  const newestByOthers = db.prepare(
    'SELECT max(ts) AS ts FROM workspace_messages WHERE conversation = ? AND author <> ?',
  );
  const deactivate = db.prepare('INSERT OR IGNORE INTO workspace_deactivated VALUES (?)');
  const reactivate = db.prepare('DELETE FROM workspace_deactivated WHERE person = ?');
  const deactivated = db.prepare('SELECT person FROM workspace_deactivated WHERE person = ?');
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  return {
    add: (m: Message): void => {
      insert.run(
        m.conversationId,
        m.ts,
        m.threadTs ?? null,
        m.authorId,
        m.text,
        json(m.blocks),
        json(m.metadata),
        m.editedTs ?? null,
        m.broadcast ? 1 : 0,
      );
    },
    /** Replaces everything that may change of the message with this conversation and ts. */
    replace: (m: Message): void => {
      change.run(m.text, json(m.blocks), json(m.metadata), m.editedTs ?? null, m.conversationId, m.ts);
    },
    remove: (conversationId: string, ts: string): void => {
      remove.run(conversationId, ts);
    },
    find: (conversationId: string, ts: string): Message | undefined => {
      const row = one.get(conversationId, ts);
      return row && toMessage(row);
    },
    /** What stands in the conversation itself, newest first: top-level messages and replies that were broadcast. */
    page: (conversationId: string, { oldest, latest, inclusive, limit }: Range): readonly Message[] =>
      page
        .all(conversationId, oldest ?? '', latest ?? '~', limit + 2)
        .map(toMessage)
        .filter((m) => inclusive || (m.ts !== oldest && m.ts !== latest))
        .slice(0, limit),
    /** The replies to a message, oldest first, without the message itself. */
    replies: (conversationId: string, threadTs: string): readonly Message[] =>
      thread.all(conversationId, threadTs).map(toMessage),
    newestTs: (): string | undefined => {
      const ts = newest.get()?.ts;
      return typeof ts === 'string' ? ts : undefined;
    },
    openDirect: (conversationId: string): boolean => openDirect.run(conversationId).changes > 0,
    openedDirects: (): readonly string[] => directs.all().map((row) => String(row.conversation)),
    isDeactivated: (personId: string): boolean => deactivated.get(personId) !== undefined,
    setDeactivated: (personId: string, is: boolean): void => {
      (is ? deactivate : reactivate).run(personId);
    },
    markRead: (personId: string, conversationId: string, ts: string): void => {
      read.run(personId, conversationId, ts);
    },
    isUnread: (personId: string, conversationId: string): boolean => {
      const seen = lastRead.get(personId, conversationId)?.ts ?? '';
      const last = newestByOthers.get(conversationId, personId)?.ts ?? '';
      return String(last) > String(seen);
    },
  };
};
