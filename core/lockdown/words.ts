import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { anyOf } from '#core/policy/sentences.ts';
import { type Refused, refuse } from '#core/refusal.ts';
import type { InForce, LockdownScope } from './lockdown.ts';

/** `2026-11-23 10:00:05 UTC`: for texts that go to Slack, a terminal and the audit alike. */
const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

export const accountNameOf = (policy: Policy, accountId: string): string =>
  policy.accounts.find(({ id }) => id === accountId)?.name ?? accountId;

/** What is locked down, for people: `Alice`, `the role daypass-jit-orders-admin in production`, `the account production (222222222222)`. */
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

/** What to type after `/access lockdown` or `daypass lockdown` to name it. */
export const typedScope = (policy: Policy, scope: LockdownScope): string => {
  switch (scope.kind) {
    case 'person':
      return `person ${scope.personId}`;
    case 'role':
      return `role ${accountNameOf(policy, scope.accountId)}/${scope.roleName}`;
    case 'account':
      return `account ${accountNameOf(policy, scope.accountId)}`;
  }
};

/** Why nothing begins under this lockdown: by whom, since when, and how it ends. `personId` is who is told. */
export const lockedWords = (
  policy: Policy,
  { scope, begunBy, begunAt }: Pick<InForce, 'scope' | 'begunBy' | 'begunAt'>,
  personId: string,
): { message: string; next: string } => {
  const yours = scope.kind === 'person' && scope.personId === personId;
  const what = yours ? 'You are' : `${capital(scopeWords(policy, scope))} is`;
  const by = begunBy === personId ? 'you' : nameOf(policy, begunBy);
  const groups = policy.mayLockDown ?? [];
  const who =
    groups.length === 0
      ? 'Nobody may lift it: an owner of the access policy must name a group in mayLockDown.'
      : `Somebody of ${anyOf(groups)}${yours ? ' other than you' : ''} has to lift it: /access lockdown lift ${typedScope(policy, scope)}`;
  return {
    message: `${what} locked down, by ${by} since ${instant(begunAt)}: nothing is asked for, approved or handed out until that is lifted.`,
    next: who,
  };
};

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The refusal of whatever would begin under it. */
export const lockedDown = (policy: Policy, lockdown: InForce, personId: string): Refused => {
  const { message, next } = lockedWords(policy, lockdown, personId);
  return refuse('locked-down', message, next);
};
