import { iamArnPattern } from '#core/aws-arn.ts';
import { sessionArnPattern } from '#core/aws-role.ts';
import { malformed } from './malformed.ts';

/**
 * The `Principal` element of a role trust policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Principals = {
  /** `NotPrincipal`. */
  not: boolean;
  /** ARNs, account ids, unique ids or `*`. An account id and its root ARN mean the same. */
  aws: readonly string[];
  services: readonly string[];
};

const kinds = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

const awsPrincipals: readonly RegExp[] = [
  /^(?:\*|\d{12}|A(?:ROA|IDA)[A-Z0-9]{12,})$/,
  iamArnPattern(/\d{12}/, /(?:root|(?:user|role)\/[\w+=,.@\-/]+)/),
  sessionArnPattern,
];

const wholeAccount = iamArnPattern(/(\d{12})/, /root/);

export const invalidPrincipal = (principal: string) => malformed(`Invalid principal in policy: "AWS":"${principal}"`);

const listOf = (value: unknown, kind: string): string[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.filter((item): item is string => typeof item === 'string');
  if (strings.length === 0 || strings.length !== list.length) {
    throw malformed(`Syntax errors in policy: Principal ${kind} must be a string or a list of strings.`);
  }
  return strings;
};

/** Throws `MalformedPolicyDocument`. `from` is the statement. */
export const parsePrincipals = (from: Readonly<Record<string, unknown>>, effect: 'Allow' | 'Deny'): Principals => {
  const not = 'NotPrincipal' in from;
  if (not === 'Principal' in from) throw malformed('Missing required field Principal');
  if (not && effect === 'Allow') throw malformed('Syntax errors in policy: NotPrincipal cannot stand in an Allow.');
  const value = not ? from.NotPrincipal : from.Principal;
  if (value === '*') return { not, aws: ['*'], services: [] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('Syntax errors in policy: Principal must be "*" or an object.');
  }
  const entries = Object.entries(value);
  if (entries.length === 0) throw malformed('Missing required field Principal cannot be empty!');
  for (const [kind] of entries) {
    if (!kinds.has(kind)) throw malformed(`Syntax errors in policy: unknown principal type ${kind}.`);
  }
  const of = (kind: string): string[] =>
    entries.filter(([name]) => name === kind).flatMap(([, list]) => listOf(list, kind));
  const aws = of('AWS');
  for (const principal of aws)
    if (!awsPrincipals.some((known) => known.test(principal))) throw invalidPrincipal(principal);
  of('Federated');
  of('CanonicalUser');
  return { not, aws, services: of('Service') };
};

/** The account that a principal stands for as a whole, if it does. */
export const accountOf = (principal: string): string | undefined =>
  /^\d{12}$/.test(principal) ? principal : wholeAccount.exec(principal)?.[1];
