import { isUserArn } from '#core/aws-arn.ts';
import { functionRoleName, type RoleRef, revokerRoleName, roleOf, sameRole } from '#core/aws-role.ts';
import { type Step, stepsOf } from '#core/chain/steps.ts';
import type { Session } from '#core/grant/session.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { TrailCaller } from './trail-event.ts';

/** What a detection may know beside the event itself: looked up before it runs. */
export type Known = {
  /** The roles that the policy lends out. These and the revokers are watched, no other role is. */
  managed: readonly RoleRef[];
  /** The only ones that may assume a managed role: one in the hub. */
  minters: readonly Trusted[];
  /**
   * The roles through which Daypass writes the deny, one in each account: whoever holds one can take the denies off.
   */
  revokers: readonly RoleRef[];
  /** The only ones that may assume a revoker: the functions in the hub that revoke. */
  revoking: readonly Trusted[];
  /** Those who set managed roles up. */
  onboarding: readonly Trusted[];
  /** The request that the assumption's grant tag names, if there is one. */
  tagged?: AccessRequest;
  /** The session that Daypass meant to mint under the name of the one that was assumed, if it did. */
  intended?: Session;
  /** Where sessions may go on to, as the policy says it. */
  steps: readonly Step[];
};

/** Sessions of a role, or an IAM user. */
export type Trusted = RoleRef | { accountId: string; userArn: string };

/** The function that alone assumes managed roles. */
const minting = 'mint-credentials';

/** The functions that write the deny; a test holds this to what their configs let them assume. */
const revoking = [
  'revoke-sessions',
  'revoke-alert',
  'revoke-locked',
  'sweep',
  'settle-execution',
  'follow-chain',
  'restore-deny',
];

/** The path of a role is in none of the ARNs of its sessions, and in all those of a user. */
const trustedOf = (accountId: string, broker: string): Trusted =>
  isUserArn(broker) ? { accountId, userArn: broker } : { accountId, roleName: roleOf(broker).roleName };

/**
 * What the policy alone tells. The hub is the account into which no ExternalId is sent. Where it names a broker, that
 * one alone counts as Daypass: there are no function roles, and whoever made roles of their names would be believed.
 */
export const knownFrom = (policy: Policy): Known => {
  const hubs = policy.accounts.filter(({ externalId }) => externalId === undefined);
  const trusted = (...functionNames: readonly string[]): Trusted[] =>
    hubs.flatMap(({ id, broker }) =>
      broker === undefined
        ? functionNames.map((name) => ({ accountId: id, roleName: functionRoleName(name) }))
        : [trustedOf(id, broker)],
    );
  return {
    managed: policy.entitlements.map(({ accountId, roleName }) => ({ accountId, roleName })),
    minters: trusted(minting),
    revokers: policy.accounts.map(({ id }) => ({ accountId: id, roleName: revokerRoleName })),
    revoking: trusted(...revoking),
    onboarding: policy.accounts.flatMap(({ id, onboardedBy = [] }) => onboardedBy.map((arn) => trustedOf(id, arn))),
    steps: stepsOf(policy),
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
 * Whether the caller is one of these. The target account's copy of a cross-account assumption tells
 * the caller's account only, and must be taken at that; the caller's own copy names the role.
 */
export const isOneOf = (trusted: readonly Trusted[], { type, arn, accountId, role }: TrailCaller): boolean =>
  trusted.some((candidate) => {
    if (type === 'AWSAccount' && arn === undefined) return candidate.accountId === accountId;
    if ('userArn' in candidate) return role === undefined && arn === candidate.userArn;
    return role !== undefined && sameRole(candidate, role);
  });

/** Whether it is an account of the policy: there is a revoker in each. */
export const isOnboarded = ({ revokers }: Known, accountId: string): boolean =>
  revokers.some((revoker) => revoker.accountId === accountId);

/** A session counts as its role. */
export const isOnboarding = (known: Known, caller: TrailCaller): boolean =>
  caller.arn !== undefined && isOneOf(known.onboarding, caller);
