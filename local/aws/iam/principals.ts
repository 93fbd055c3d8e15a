import { iamArn, iamArnPattern } from '#core/aws-arn.ts';

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
}: Pick<Principal, 'kind' | 'accountId' | 'path' | 'name'>): string => iamArn(accountId, `${kind}${path}${name}`);

export type PrincipalName = { kind: 'role' | 'user'; accountId: string; path: string; name: string };

const principalArn = iamArnPattern(/(\d{12})/, /(role|user)(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]{1,64})/);

/** Takes an ARN of a role or a user apart; `undefined` for anything else. */
export const parsePrincipalArn = (arn: string): PrincipalName | undefined => {
  const [, accountId, kind, path, name] = principalArn.exec(arn) ?? [];
  if (accountId === undefined || path === undefined || name === undefined) return undefined;
  return { kind: kind === 'role' ? 'role' : 'user', accountId, path, name };
};
