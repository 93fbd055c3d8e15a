/** Roles and users as they are stored, and what is derived from them. */

export type Tags = Readonly<Record<string, string>>;

type Named = {
  /** `AROA…` or `AIDA…`. */
  id: string;
  accountId: string;
  name: string;
  /** `/`, or `/a/b/`. */
  path: string;
  createdAtMs: number;
  tags: Tags;
  boundaryArn?: string;
};

export type User = Named & { kind: 'user' };

export type Role = Named & {
  kind: 'role';
  /** The trust policy as it was written. */
  trust: string;
  /** ARNs in the trust policy → the unique ids that bore them when it was written. */
  boundIds: Readonly<Record<string, string>>;
  maxSessionDurationSec: number;
  description?: string;
};

export type Principal = User | Role;

export const arnOf = ({
  kind,
  accountId,
  path,
  name,
}: Pick<Principal, 'kind' | 'accountId' | 'path' | 'name'>): string =>
  `arn:aws:iam::${accountId}:${kind}${path}${name}`;

export type PrincipalName = { kind: 'role' | 'user'; accountId: string; path: string; name: string };

/** Takes an ARN of a role or a user apart; `undefined` for anything else. */
export const parsePrincipalArn = (arn: string): PrincipalName | undefined => {
  const found = /^arn:aws:iam::(\d{12}):(role|user)(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]{1,64})$/.exec(arn);
  const [, accountId, kind, path, name] = found ?? [];
  if (accountId === undefined || path === undefined || name === undefined) return undefined;
  return { kind: kind === 'role' ? 'role' : 'user', accountId, path, name };
};
