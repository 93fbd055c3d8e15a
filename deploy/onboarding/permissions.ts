import * as z from 'zod/mini';
import { iamArnPattern } from '#core/aws-arn.ts';
import { closestTo } from '#core/policy/did-you-mean.ts';
import type { Policy } from '#core/policy/policy.ts';
import { problemLine } from '#core/policy/problem.ts';
import { readSource } from '#core/policy/source-text.ts';

/** What one managed role may do: statements of an inline policy, and managed policies by ARN. */
export type RolePermissions = {
  statements: readonly Readonly<Record<string, unknown>>[];
  managedPolicyArns: readonly string[];
};

/** By role name. */
export type AccountPermissions = Readonly<Record<string, RolePermissions>>;

/** What the operator gives to the managed roles; the access policy says who may have them, not what they may do. */
export type Permissions = {
  /** Names of roles, with `*`, that a session may pass to AWS services. */
  mayPass: readonly string[];
  /** By account name, as in the access policy. */
  accounts: Readonly<Record<string, AccountPermissions>>;
};

export type ReadPermissions = { ok: true; permissions: Permissions } | { ok: false; problems: readonly string[] };

const statement = z.looseObject({ Effect: z.enum(['Allow', 'Deny'], 'Effect is Allow or Deny.') });

const file = z.strictObject({
  mayPass: z.optional(
    z.array(
      z.string().check(
        z.regex(/^[\w+=,.@/*-]{1,512}$/, 'mayPass lists names of roles, with `*` for any characters: app-*'),
        z.refine(
          (name: string) => !/^(?:\*|daypass-)/i.test(name),
          'A session may pass neither any role nor a role of Daypass: begin the name with letters of your own roles.',
        ),
      ),
    ),
  ),
  accounts: z.record(
    z.string(),
    z.record(
      z.string(),
      z.strictObject({
        statements: z.optional(z.array(statement, 'statements is a list of IAM policy statements.')),
        managedPolicyArns: z.optional(
          z
            .array(
              z
                .string()
                .check(
                  z.regex(iamArnPattern(/(?:\d{12}|aws)/, /policy\/.+/), 'This is not the ARN of a managed policy.'),
                ),
            )
            .check(z.maxLength(10, 'A role takes at most 10 managed policies.')),
        ),
      }),
    ),
  ),
});

const sentenceOf = (issue: z.core.$ZodIssue): string => {
  const { path, message } = issue;
  const said = issue.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is not known here.` : message;
  return `${path.join('.') || 'The file'}: ${said}`;
};

const unknownName = (what: string, typed: string, known: readonly string[]): string => {
  const meant = closestTo(typed, known);
  return `There is no ${what} ${typed}. ${meant === undefined ? `Known: ${known.join(', ') || 'none'}.` : `Did you mean ${meant}?`}`;
};

const strangers = (policy: Policy, accounts: Readonly<Record<string, object>>): string[] =>
  Object.entries(accounts).flatMap(([name, roles]) => {
    const account = policy.accounts.find((candidate) => candidate.name === name);
    if (!account)
      return [
        unknownName(
          'account',
          name,
          policy.accounts.map((known) => known.name),
        ),
      ];
    const lent = policy.entitlements
      .filter(({ accountId }) => accountId === account.id)
      .map(({ roleName }) => roleName);
    return Object.keys(roles)
      .filter((role) => !lent.includes(role))
      .map((role) => unknownName(`entitlement in ${name} with the role`, role, [...new Set(lent)]));
  });

/** Reads a permissions file (YAML or JSON). Does not throw, whatever the text; tells every problem at once. */
export const readPermissions = (text: string, policy: Policy): ReadPermissions => {
  // As the access policy is read: all of it, once, and nothing that people do not see.
  const source = readSource(text);
  const problems = source.problems.map(problemLine);
  if (!source.ok || problems.length > 0) return { ok: false, problems };
  const read = file.safeParse(source.value);
  if (!read.success) {
    return {
      ok: false,
      problems: read.error.issues.map(sentenceOf),
    };
  }
  const unknown = strangers(policy, read.data.accounts);
  if (unknown.length > 0) return { ok: false, problems: unknown };
  const accounts = Object.entries(read.data.accounts).map(([name, roles]): [string, AccountPermissions] => [
    name,
    Object.fromEntries(
      Object.entries(roles).map(([role, { statements = [], managedPolicyArns = [] }]) => [
        role,
        { statements, managedPolicyArns },
      ]),
    ),
  ]);
  return { ok: true, permissions: { mayPass: read.data.mayPass ?? [], accounts: Object.fromEntries(accounts) } };
};
