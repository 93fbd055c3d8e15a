import { limitExceeded } from './errors.ts';
import { malformed } from './malformed.ts';
import { parsePolicy } from './policy.ts';
import type { PolicyStore } from './policy-store.ts';
import { accountOf, invalidPrincipal } from './principal.ts';
import { arnOf, type Principal, parsePrincipalArn, type Role } from './principals.ts';
import type { PrincipalStore } from './store.ts';

/** What is checked when a policy document is written, and how it is shown again. */

/** Characters that count against a quota. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const countedLength = (document: string): number => document.replace(/\s/g, '').length;

const inlineQuota: Readonly<Record<Principal['kind'], number>> = { role: 10_240, user: 2_048 };
const trustQuota = 2_048;

const checkCharacters = (document: string): void => {
  if (!/^[\t\n\r\u0020-\u00ff]*$/.test(document)) {
    throw malformed('The policy may hold only tab, line feed, carriage return and the characters U+0020 to U+00FF.');
  }
};

/** Throws MalformedPolicyDocument, or LimitExceeded when all inline policies of the owner together grow too long. */
export const checkInline = (owner: Principal, name: string, document: string, policies: PolicyStore): void => {
  checkCharacters(document);
  parsePolicy(document, 'identity');
  const others = policies.inline(owner.id).filter((policy) => policy.name !== name);
  const total = [...others.map((policy) => policy.document), document].reduce(
    (sum, text) => sum + countedLength(text),
    0,
  );
  const most = inlineQuota[owner.kind];
  if (total > most)
    throw limitExceeded(`Maximum policy size of ${most} bytes exceeded for ${owner.kind} ${owner.name}`);
};

/**
 * The unique id that an ARN stands for at this moment. Throws `Invalid principal in policy` when it stands for nobody.
 */
const idBehind = (principal: string, principals: PrincipalStore): string | undefined => {
  const account = accountOf(principal);
  if (account !== undefined) {
    if (!principals.hasAccount(account)) throw invalidPrincipal(principal);
    return undefined;
  }
  const named = parsePrincipalArn(principal);
  if (!named) return undefined;
  const found =
    named.kind === 'role' ? principals.role(named.accountId, named.name) : principals.user(named.accountId, named.name);
  if (!found || arnOf(found) !== principal) throw invalidPrincipal(principal);
  return found.id;
};

/**
 * Checks a trust policy and binds the ARNs in it to who bears them now: a role that is deleted and made again under the
 * same name is not the one that was trusted. Throws MalformedPolicyDocument or LimitExceeded.
 */
export const bindTrust = (document: string, principals: PrincipalStore): Record<string, string> => {
  checkCharacters(document);
  const policy = parsePolicy(document, 'trust');
  if (countedLength(document) > trustQuota)
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${trustQuota}`);
  const bound: Record<string, string> = {};
  for (const principal of policy.statements.flatMap((statement) => statement.principals?.aws ?? [])) {
    const id = idBehind(principal, principals);
    if (id !== undefined) bound[principal] = id;
  }
  return bound;
};

/** The trust policy as it reads back: an ARN whose bearer is gone shows as the unique id that it was bound to. */
export const shownTrust = (role: Role, principals: PrincipalStore): string => {
  const gone = new Map<string, string>();
  for (const [arn, id] of Object.entries(role.boundIds)) {
    const bearer = principals.principal(id);
    if (!bearer || arnOf(bearer) !== arn) gone.set(arn, id);
  }
  if (gone.size === 0) return role.trust;
  return JSON.stringify(JSON.parse(role.trust), (_, value: unknown) =>
    typeof value === 'string' ? (gone.get(value) ?? value) : value,
  );
};
