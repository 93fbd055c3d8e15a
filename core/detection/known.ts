import type { LedgerEntry } from '#core/ledger/ledger.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { arnOf, type RoleRef, sameRole, type TrailCaller } from './trail-event.ts';

/** What a detection may know beside the event itself: looked up before it runs. */
export type Known = {
  /** The roles that the policy lends out. These and the revokers are watched, no other role is. */
  managed: readonly RoleRef[];
  /** The only roles that may assume a managed role: one in the hub. */
  minters: readonly RoleRef[];
  /** The roles through which Daypass writes the deny, one in each account: whoever holds one can take the denies off. */
  revokers: readonly RoleRef[];
  /** The only roles that may assume a revoker: the functions in the hub that revoke. */
  revoking: readonly RoleRef[];
  /** ARNs of the users and roles that set managed roles up. */
  onboarding: readonly string[];
  /** The request that the assumption's grant tag names, if there is one. */
  tagged?: AccessRequest;
  /** Ids of mints that were intended under `tagged` and that it has forgotten since; looked up where none it knows fits. */
  forgottenMints?: readonly string[];
  /** The request under which the caller's session was minted, if it was. */
  minted?: AccessRequest;
  /** What is revoked on the role of the caller's session. */
  revoked: readonly LedgerEntry[];
};

/** The function that alone assumes managed roles, and the role in each target account that alone writes the deny. */
const mintRoleName = 'daypass-mint-credentials';
const revokerRoleName = 'daypass-revoker';

/** The functions that write the deny; a test holds this to what their configs let them assume. */
const revokingRoleNames = ['daypass-revoke-sessions', 'daypass-revoke-alert', 'daypass-sweep'];

/** What the policy alone tells. The hub is the account into which no ExternalId is sent. */
export const knownFrom = (policy: Policy, onboarding: readonly string[] = []): Known => {
  const hubs = policy.accounts.filter((account) => account.externalId === undefined).map((account) => account.id);
  return {
    managed: policy.entitlements.map(({ accountId, roleName }) => ({ accountId, roleName })),
    minters: hubs.map((accountId) => ({ accountId, roleName: mintRoleName })),
    revokers: policy.accounts.map(({ id }) => ({ accountId: id, roleName: revokerRoleName })),
    revoking: hubs.flatMap((accountId) => revokingRoleNames.map((roleName) => ({ accountId, roleName }))),
    onboarding,
    revoked: [],
  };
};

/** The managed role as the policy writes it, for a role however it was typed. */
export const managedRole = (known: Known, role: RoleRef | undefined): RoleRef | undefined =>
  role && known.managed.find((candidate) => sameRole(candidate, role));

/** The revoker that this role is, as Daypass writes it. */
export const revokerRole = (known: Known, role: RoleRef | undefined): RoleRef | undefined =>
  role && known.revokers.find((candidate) => sameRole(candidate, role));

/** The managed role or the revoker that this is: those whose settings are watched. */
export const watchedRole = (known: Known, role: RoleRef): RoleRef | undefined =>
  managedRole(known, role) ?? revokerRole(known, role);

/**
 * Whether the caller is a session of one of these roles. The target account's copy of a cross-account assumption tells
 * the caller's account only, and must be taken at that; the caller's own copy names the role.
 */
export const isOneOf = (roles: readonly RoleRef[], { type, arn, accountId, role }: TrailCaller): boolean =>
  type === 'AWSAccount' && arn === undefined
    ? roles.some((candidate) => candidate.accountId === accountId)
    : role !== undefined && roles.some((candidate) => sameRole(candidate, role));

/** A session counts as its role. */
export const isOnboarding = (known: Known, { role, arn }: TrailCaller): boolean => {
  const principal = role ? arnOf(role) : arn;
  return principal !== undefined && known.onboarding.includes(principal);
};
