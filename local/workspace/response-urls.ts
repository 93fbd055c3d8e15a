import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '#ports/clock.ts';

/** https://docs.slack.dev/interactivity/handling-user-interaction: five uses within thirty minutes. */
const mostUses = 5;
const lifetimeMs = 30 * 60_000;

/** Where an answer goes, and the message that `replace_original` and `delete_original` mean. */
export type ResponseTarget = {
  conversationId: string;
  personId: string;
  source?: { ts: string; ephemeral: boolean };
  threadTs?: string;
};

export type ResponseUrls = {
  /** The secret part of a new address. Only its hash is stored. */
  issue(target: ResponseTarget): string;
  /** Counts one use. */
  use(secret: string): ResponseTarget | 'used_url' | 'expired_url' | 'no_such_url';
};

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export const openResponseUrls = (db: DatabaseSync, clock: Clock): ResponseUrls => {
  db.exec(`CREATE TABLE IF NOT EXISTS workspace_response_urls (
    hash TEXT PRIMARY KEY, target TEXT NOT NULL, expires_at_ms INTEGER NOT NULL, uses INTEGER NOT NULL) STRICT`);
  const insert = db.prepare('INSERT INTO workspace_response_urls VALUES (?, ?, ?, 0)');
  const find = db.prepare('SELECT * FROM workspace_response_urls WHERE hash = ?');
  const count = db.prepare('UPDATE workspace_response_urls SET uses = uses + 1 WHERE hash = ?');
  const prune = db.prepare('DELETE FROM workspace_response_urls WHERE expires_at_ms < ?');
  return {
    issue: (target) => {
      prune.run(clock.nowMs() - lifetimeMs);
      const secret = randomBytes(24).toString('base64url');
      insert.run(digest(secret), JSON.stringify(target), clock.nowMs() + lifetimeMs);
      return secret;
    },
    use: (secret) => {
      const row = find.get(digest(secret));
      if (!row) return 'no_such_url';
      if (clock.nowMs() > Number(row.expires_at_ms)) return 'expired_url';
      if (Number(row.uses) >= mostUses) return 'used_url';
      count.run(digest(secret));
      return JSON.parse(String(row.target)) as ResponseTarget;
    },
  };
};
