import type { InForce, Lockdown } from '#core/lockdown/lockdown.ts';
import { type Tally, tallyOf } from '#core/lockdown/tally.ts';
import { askable, mayLockDown } from '#core/policy/decide.ts';
import type { Policy } from '#core/policy/policy.ts';
import { done, notFound, type Outcome } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { mayNotLockDown } from './preview-lockdown.ts';

/** Those who may lift see all of them; everybody else what keeps themselves from something they could ask for. */
const concerns = (policy: Policy, personId: string, { scope }: InForce): boolean => {
  if (mayLockDown(policy, personId)) return true;
  if (scope.kind === 'person') return scope.personId === personId;
  return askable(policy, personId).some(
    ({ accountId, roleName }) =>
      accountId === scope.accountId && (scope.kind === 'account' || roleName === scope.roleName),
  );
};

/** The lockdowns in force that this person may see, oldest first. Throws `StoreUnavailable`, `PolicyUnreadable`. */
export const listLockdowns = async (
  { personId }: { personId: string },
  ports: Pick<Ports, 'policy' | 'lockdowns'>,
): Promise<readonly InForce[]> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  return lockdowns.filter((lockdown) => concerns(policy, personId, lockdown));
};

/** One lockdown and how far it is, for those who may lock down. Throws `StoreUnavailable`, `PolicyUnreadable`. */
export const readLockdown = async (
  { lockdownId, personId }: { lockdownId: string; personId: string },
  ports: Pick<Ports, 'policy' | 'lockdowns'>,
): Promise<Outcome<{ lockdown: Lockdown; tally: Tally }>> => {
  const policy = await ports.policy.current();
  if (!mayLockDown(policy, personId)) return mayNotLockDown(policy);
  const [lockdown, hits] = await Promise.all([ports.lockdowns.get(lockdownId), ports.lockdowns.hits(lockdownId)]);
  return lockdown ? done({ lockdown, tally: tallyOf(hits) }) : notFound('lockdown', { do: 'list-lockdowns' });
};
