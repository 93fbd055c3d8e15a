import type { LedgerEntry } from '#core/ledger/ledger.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { arnOf, type RoleRef, sameRole, type TrailCaller } from './trail-event.ts';

/** What a detection may know beside the event itself: looked up before it runs. */
export type Known = {
  /** The roles that the policy lends out. Only these are watched. */
  managed: readonly RoleRef[];
  /** The only roles that may assume a managed role: one in the hub. */
  minters: readonly RoleRef[];
  /** ARNs of the users and roles that set managed roles up. */
  onboarding: readonly string[];
  /** The request that the assumption's grant tag names, if there is one. */
  tagged?: AccessRequest;
  /** The request under which the caller's session was minted, if it was. */
  minted?: AccessRequest;
  /** What is revoked on the role of the caller's session. */
  revoked: readonly LedgerEntry[];
};

/** The function that alone assumes managed roles, and the role in each target account that alone writes the deny. */
const mintRoleName = 'daypass-mint-credentials';
const revokerRoleName = 'daypass-revoker';

export const grantTagKey = 'daypass:grant';
export const entitlementTagKey = 'daypass:entitlement';

/** What the policy alone tells. The hub is the account into which no ExternalId is sent. */
export const knownFrom = (policy: Policy, onboarding: readonly string[] = []): Known => ({
  managed: policy.entitlements.map(({ accountId, roleName }) => ({ accountId, roleName })),
  minters: policy.accounts
    .filter((account) => account.externalId === undefined)
    .map((account) => ({ accountId: account.id, roleName: mintRoleName })),
  onboarding,
  revoked: [],
});

/** The managed role as the policy writes it, for a role however it was typed. */
export const managedRole = (known: Known, role: RoleRef | undefined): RoleRef | undefined =>
  role && known.managed.find((candidate) => sameRole(candidate, role));

export const isRevoker = (caller: TrailCaller, role: RoleRef): boolean =>
  caller.role !== undefined && sameRole(caller.role, { accountId: role.accountId, roleName: revokerRoleName });

/** A session counts as its role. */
export const isOnboarding = (known: Known, { role, arn }: TrailCaller): boolean => {
  const principal = role ? arnOf(role) : arn;
  return principal !== undefined && known.onboarding.includes(principal);
};
