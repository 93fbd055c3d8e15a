import type { DatabaseSync } from 'node:sqlite';
import { assumedRoleArnOf } from '#core/aws-role.ts';
import type { RoleSession } from '../service.ts';

/** What is kept of a session: its facts, never a secret of it. */
export type StoredSession = { accessKeyId: string; accountId: string; session: RoleSession };

/** How long an expired session is still told that it is expired, rather than unknown. */
const rememberedMs = 7 * 24 * 3_600_000;

export const sessionStore = (db: DatabaseSync) => {
  db.exec(`CREATE TABLE IF NOT EXISTS sts_sessions (
    access_key_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, facts TEXT NOT NULL, expires_at_ms INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS sts_sessions_by_end ON sts_sessions (expires_at_ms)`);
  const get = db.prepare('SELECT account_id, facts FROM sts_sessions WHERE access_key_id = ?');
  const put = db.prepare(
    'INSERT INTO sts_sessions (access_key_id, account_id, facts, expires_at_ms) VALUES (?, ?, ?, ?)',
  );
  const forget = db.prepare('DELETE FROM sts_sessions WHERE expires_at_ms < ?');
  return {
    find: (accessKeyId: string): StoredSession | undefined => {
      const row = get.get(accessKeyId);
      if (!row) return undefined;
      const session = JSON.parse(String(row.facts)) as RoleSession;
      return { accessKeyId, accountId: String(row.account_id), session };
    },
    add: ({ accessKeyId, accountId, session }: StoredSession): void => {
      forget.run(session.issuedAtMs - rememberedMs);
      put.run(accessKeyId, accountId, JSON.stringify(session), session.expiresAtMs);
    },
  };
};

export const sessionArn = (accountId: string, { roleName, roleSessionName }: RoleSession): string =>
  assumedRoleArnOf({ accountId, roleName }, roleSessionName);
