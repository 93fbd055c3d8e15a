import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Principal, Role, User } from './principals.ts';
import { createIamTables } from './schema.ts';

type Row = Record<string, SQLOutputValue>;

const toPrincipal = (row: Row): Principal => {
  const named = {
    id: String(row.id),
    accountId: String(row.account_id),
    name: String(row.name),
    path: String(row.path),
    createdAtMs: Number(row.created_at_ms),
    tags: JSON.parse(String(row.tags)) as Record<string, string>,
    ...(row.boundary_arn === null ? {} : { boundaryArn: String(row.boundary_arn) }),
  };
  if (row.kind === 'user') return { ...named, kind: 'user' };
  return {
    ...named,
    kind: 'role',
    trust: String(row.trust),
    boundIds: JSON.parse(String(row.bound_ids)) as Record<string, string>,
    maxSessionDurationSec: Number(row.max_session_sec),
    ...(row.description === null ? {} : { description: String(row.description) }),
  };
};

/** Accounts, roles and users. Names are unique without regard to case, as in IAM. Writes are synchronous. */
export const principalStore = (db: DatabaseSync) => {
  createIamTables(db);
  const byId = db.prepare('SELECT * FROM iam_principals WHERE id = ?');
  const byName = db.prepare('SELECT * FROM iam_principals WHERE kind = ? AND account_id = ? AND name_key = ?');
  const list = db.prepare('SELECT * FROM iam_principals WHERE kind = ? AND account_id = ? ORDER BY name');
  const put = db.prepare(
    `INSERT OR REPLACE INTO iam_principals (id, kind, account_id, name, name_key, path, created_at_ms, tags,
       boundary_arn, trust, bound_ids, max_session_sec, description) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = db.prepare('DELETE FROM iam_principals WHERE id = ?');
  const account = db.prepare('SELECT name FROM iam_accounts WHERE id = ?');
  const putAccount = db.prepare('INSERT OR IGNORE INTO iam_accounts (id, name) VALUES (?, ?)');

  const one = (row: Row | undefined): Principal | undefined => (row ? toPrincipal(row) : undefined);
  const named = (kind: 'role' | 'user', accountId: string, name: string): Principal | undefined =>
    one(byName.get(kind, accountId, name.toLowerCase()));

  return {
    principal: (id: string): Principal | undefined => one(byId.get(id)),
    role: (accountId: string, name: string): Role | undefined => {
      const found = named('role', accountId, name);
      return found?.kind === 'role' ? found : undefined;
    },
    user: (accountId: string, name: string): User | undefined => {
      const found = named('user', accountId, name);
      return found?.kind === 'user' ? found : undefined;
    },
    roles: (accountId: string): Role[] =>
      list
        .all('role', accountId)
        .map(toPrincipal)
        .filter((found) => found.kind === 'role'),
    users: (accountId: string): User[] =>
      list
        .all('user', accountId)
        .map(toPrincipal)
        .filter((found) => found.kind === 'user'),
    save: (principal: Principal): void => {
      const { id, kind, accountId, name, path, createdAtMs, tags, boundaryArn } = principal;
      const role = principal.kind === 'role' ? principal : undefined;
      put.run(
        id,
        kind,
        accountId,
        name,
        name.toLowerCase(),
        path,
        createdAtMs,
        JSON.stringify(tags),
        boundaryArn ?? null,
        role?.trust ?? null,
        role ? JSON.stringify(role.boundIds) : null,
        role?.maxSessionDurationSec ?? null,
        role?.description ?? null,
      );
    },
    remove: (id: string): void => {
      remove.run(id);
    },
    hasAccount: (id: string): boolean => account.get(id) !== undefined,
    addAccount: (id: string, name: string): void => {
      putAccount.run(id, name);
    },
  };
};

export type PrincipalStore = ReturnType<typeof principalStore>;
