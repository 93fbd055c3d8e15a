import type { DatabaseSync } from 'node:sqlite';
import { createIamTables } from './schema.ts';

export type ManagedPolicy = {
  arn: string;
  /** `ANPA…` */
  id: string;
  accountId: string;
  name: string;
  document: string;
  createdAtMs: number;
};

/**
 * Inline policies of roles and users (by the owner's unique id), managed policies, users' access key ids, and what
 * templates said.
 */
export const policyStore = (db: DatabaseSync) => {
  createIamTables(db);
  const inline = db.prepare('SELECT name, document FROM iam_inline_policies WHERE owner_id = ? ORDER BY name');
  const putInline = db.prepare(
    'INSERT OR REPLACE INTO iam_inline_policies (owner_id, name, document) VALUES (?, ?, ?)',
  );
  const removeInline = db.prepare('DELETE FROM iam_inline_policies WHERE owner_id = ? AND name = ?');
  const removeAll = db.prepare('DELETE FROM iam_inline_policies WHERE owner_id = ?');
  const managed = db.prepare('SELECT * FROM iam_managed_policies WHERE arn = ?');
  const putManaged = db.prepare(
    'INSERT OR REPLACE INTO iam_managed_policies (arn, id, account_id, name, document, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const keysOf = db.prepare(
    'SELECT id, created_at_ms FROM iam_access_keys WHERE user_id = ? ORDER BY created_at_ms, id',
  );
  const keyOwner = db.prepare('SELECT user_id FROM iam_access_keys WHERE id = ?');
  const putKey = db.prepare('INSERT INTO iam_access_keys (id, user_id, created_at_ms) VALUES (?, ?, ?)');
  const removeKey = db.prepare('DELETE FROM iam_access_keys WHERE id = ?');
  const deployed = db.prepare('SELECT description FROM iam_deployed WHERE arn = ?');
  const putDeployed = db.prepare('INSERT OR REPLACE INTO iam_deployed (arn, description) VALUES (?, ?)');
  return {
    inline: (ownerId: string): { name: string; document: string }[] =>
      inline.all(ownerId).map((row) => ({ name: String(row.name), document: String(row.document) })),
    putInline: (ownerId: string, name: string, document: string): void => {
      putInline.run(ownerId, name, document);
    },
    /** Whether there was one. */
    removeInline: (ownerId: string, name: string): boolean => removeInline.run(ownerId, name).changes > 0,
    removeAllInline: (ownerId: string): void => {
      removeAll.run(ownerId);
    },
    managed: (arn: string): ManagedPolicy | undefined => {
      const row = managed.get(arn);
      if (!row) return undefined;
      return {
        arn,
        id: String(row.id),
        accountId: String(row.account_id),
        name: String(row.name),
        document: String(row.document),
        createdAtMs: Number(row.created_at_ms),
      };
    },
    putManaged: (policy: ManagedPolicy): void => {
      const { arn, id, accountId, name, document, createdAtMs } = policy;
      putManaged.run(arn, id, accountId, name, document, createdAtMs);
    },
    keysOf: (userId: string): { id: string; createdAtMs: number }[] =>
      keysOf.all(userId).map((row) => ({ id: String(row.id), createdAtMs: Number(row.created_at_ms) })),
    ownerOfKey: (accessKeyId: string): string | undefined => {
      const row = keyOwner.get(accessKeyId);
      return row ? String(row.user_id) : undefined;
    },
    /** What a template said of this role or policy when it was deployed last. */
    deployed: (arn: string): string | undefined => {
      const row = deployed.get(arn);
      return row && String(row.description);
    },
    putDeployed: (arn: string, description: string): void => {
      putDeployed.run(arn, description);
    },
    addKey: (accessKeyId: string, userId: string, createdAtMs: number): void => {
      putKey.run(accessKeyId, userId, createdAtMs);
    },
    removeKey: (accessKeyId: string): void => {
      removeKey.run(accessKeyId);
    },
  };
};

export type PolicyStore = ReturnType<typeof policyStore>;
