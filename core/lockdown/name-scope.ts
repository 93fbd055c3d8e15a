import { managedPrefix, type RoleRef, roleArnOf } from '#core/aws-role.ts';
import { closestTo } from '#core/policy/did-you-mean.ts';
import { personByEmail } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { allOf } from '#core/policy/sentences.ts';
import { done, type Outcome, refuse } from '#core/refusal.ts';
import type { LockdownScope } from './lockdown.ts';
import { accountNameOf } from './words.ts';

export const scopeKinds = ['person', 'role', 'account'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

const isKind = (typed: string): typed is ScopeKind => scopeKinds.some((kind) => kind === typed);

const usage = `Name one: person alice, role production/${managedPrefix}orders-admin, account production.`;

/** What somebody typed is shown again only where it can be nothing but a name. */
const shown = (typed: string): string => (/^[\w.@/:+=,-]{1,120}$/.test(typed) ? ` ${typed}` : ' of that name');

const unknown = (what: ScopeKind, typed: string, known: readonly string[]): Outcome<never> => {
  const meant = closestTo(typed, known);
  const most = 10;
  const some = [...known.slice(0, most), ...(known.length > most ? [`${known.length - most} more`] : [])];
  return refuse(
    'not-found',
    `There is no ${what}${shown(typed)} in the access policy.`,
    meant === undefined ? `Known: ${allOf(some) || 'none'}.` : `Did you mean ${meant}?`,
  );
};

/** What `kind` and `name`, as people type them, lock down. */
export const scopeNamed = (policy: Policy, kind: string, name: string): Outcome<LockdownScope> => {
  const typed = name.trim();
  if (!isKind(kind) || typed === '') return refuse('invalid-input', 'It is not said what to lock down.', usage);
  switch (kind) {
    case 'person':
      return personNamed(policy, typed);
    case 'account':
      return accountNamed(policy, typed);
    case 'role':
      return roleNamed(policy, typed);
  }
};

/** By id, with or without an @ before it, Slack user id or e-mail address. */
const personNamed = (policy: Policy, named: string): Outcome<LockdownScope> => {
  const typed = named.replace(/^@/, '');
  const person =
    policy.people.find(({ id }) => id === typed.toLowerCase()) ??
    policy.people.find(({ slackUserIds }) => slackUserIds.includes(typed)) ??
    personByEmail(policy, typed);
  if (person) return done({ kind: 'person', personId: person.id });
  return unknown(
    'person',
    typed,
    policy.people.map(({ id }) => id),
  );
};

/** By name or twelve digits. */
const accountNamed = (policy: Policy, typed: string): Outcome<LockdownScope> => {
  const account = policy.accounts.find(({ id, name }) => id === typed || name === typed.toLowerCase());
  if (account) return done({ kind: 'account', accountId: account.id });
  return unknown(
    'account',
    typed,
    policy.accounts.map(({ name }) => name),
  );
};

const rolesIn = (policy: Policy): readonly RoleRef[] => [
  ...new Map(
    policy.entitlements.map(({ accountId, roleName }) => [`${accountId}/${roleName}`, { accountId, roleName }]),
  ).values(),
];

/**
 * By ARN, `account/role`, the role's own name or the entitlement that leads to it; one name in two accounts names
 * neither.
 */
const roleNamed = (policy: Policy, typed: string): Outcome<LockdownScope> => {
  const roles = rolesIn(policy);
  const full = ({ accountId, roleName }: RoleRef): string => `${accountNameOf(policy, accountId)}/${roleName}`;
  const names = (role: RoleRef): string[] => [
    roleArnOf(role),
    `${role.accountId}/${role.roleName}`,
    full(role),
    role.roleName,
    ...policy.entitlements
      .filter(({ accountId, roleName }) => accountId === role.accountId && roleName === role.roleName)
      .map(({ id }) => id),
  ];
  const [role, ...others] = roles.filter((candidate) => names(candidate).includes(typed));
  if (!role) return unknown('role', typed, [...roles.map(({ roleName }) => roleName), ...roles.map(full)]);
  if (others.length === 0) return done({ kind: 'role', ...role });
  return refuse(
    'invalid-input',
    `There are several roles${shown(typed)}.`,
    `Say which one: ${[role, ...others].map(full).join(', ')}.`,
  );
};

/**
 * The managed roles that a lockdown of a role or an account is to; none for a person, who has no role alone. ARNs, in
 * order.
 */
export const rolesUnder = (policy: Policy, scope: LockdownScope): readonly string[] => {
  switch (scope.kind) {
    case 'person':
      return [];
    case 'role':
      return [roleArnOf(scope)];
    case 'account':
      return rolesIn(policy)
        .filter(({ accountId }) => accountId === scope.accountId)
        .map(roleArnOf)
        .sort();
  }
};
