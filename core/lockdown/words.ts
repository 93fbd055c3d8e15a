import type { Next } from '#core/next-step.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { anyOf } from '#core/policy/sentences.ts';
import { type Refused, refuse } from '#core/refusal.ts';
import type { InForce, LockdownScope } from './lockdown.ts';

/** `2026-11-23 10:00:05 UTC`: for texts that go to Slack, a terminal and the audit alike. */
const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

export const accountNameOf = (policy: Policy, accountId: string): string =>
  policy.accounts.find(({ id }) => id === accountId)?.name ?? accountId;

/**
 * What is locked down, for people: `Alice`, `the role daypass-jit-orders-admin in production`, `the account production
 * (222222222222)`.
 */
export const scopeWords = (policy: Policy, scope: LockdownScope): string => {
  switch (scope.kind) {
    case 'person':
      return nameOf(policy, scope.personId);
    case 'role':
      return `the role ${scope.roleName} in ${accountNameOf(policy, scope.accountId)}`;
    case 'account':
      return `the account ${accountNameOf(policy, scope.accountId)} (${scope.accountId})`;
  }
};

/**
 * What names it beside its kind, as `scopeNamed` reads it: `alice`, `production/daypass-jit-orders-admin`,
 * `production`.
 */
export const typedName = (policy: Policy, scope: LockdownScope): string => {
  switch (scope.kind) {
    case 'person':
      return scope.personId;
    case 'role':
      return `${accountNameOf(policy, scope.accountId)}/${scope.roleName}`;
    case 'account':
      return accountNameOf(policy, scope.accountId);
  }
};

/** Kind and name, as people type them one after the other. */
export const typedScope = (policy: Policy, scope: LockdownScope): string => `${scope.kind} ${typedName(policy, scope)}`;

/** Why nothing begins under this lockdown: by whom, since when, and how it ends. `personId` is who is told. */
export const lockedWords = (
  policy: Policy,
  { scope, begunBy, begunAt }: Pick<InForce, 'scope' | 'begunBy' | 'begunAt'>,
  personId: string,
): { message: string; next: Next } => {
  const yours = scope.kind === 'person' && scope.personId === personId;
  const what = yours ? 'You are' : `${capital(scopeWords(policy, scope))} is`;
  const by = begunBy === personId ? 'you' : nameOf(policy, begunBy);
  const groups = policy.mayLockDown ?? [];
  const who = `Somebody of ${anyOf(groups)}${yours ? ' other than you' : ''}`;
  return {
    message: `${what} locked down, by ${by} since ${instant(begunAt)}: nothing is asked for, approved or handed out until that is lifted.`,
    next:
      groups.length === 0
        ? 'Nobody may lift it: an owner of the access policy must name a group in mayLockDown.'
        : { do: 'have-lifted', who, kind: scope.kind, name: typedName(policy, scope) },
  };
};

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The refusal of whatever would begin under it. */
export const lockedDown = (policy: Policy, lockdown: InForce, personId: string): Refused => {
  const { message, next } = lockedWords(policy, lockdown, personId);
  return refuse('locked-down', message, next);
};
