import {
  functionRoleName,
  managedRolesEverywhere,
  revokerRoleName,
  roleArnOf,
  roleEverywhere,
} from '#core/aws-role.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import { longerLivedIds } from '#core/longer-lived.ts';
import { type Account, type Entitlement, hubRegionOf, type Policy } from '#core/policy/policy.ts';
import type { FunctionConfig } from '#functions/config.ts';
import { functions } from '#functions/registry.ts';
import { boundaryDocument, type OpenedBy } from './boundary.ts';
import { type ChainedFrom, chainedFrom, chainsInto } from './chains.ts';
import type { Document } from './names.ts';
import type { AccountPermissions, Permissions, RolePermissions } from './permissions.ts';

/** A role that Daypass lends in one account. Several entitlements may share it. */
export type ManagedRolePlan = {
  roleName: string;
  entitlementIds: readonly string[];
  /** Every session tag that Daypass may send. */
  tagKeys: readonly string[];
  permissions: RolePermissions;
  /** ARNs of the roles that its sessions may go on to; absent where there are none. */
  chainsInto?: readonly string[];
  /** The managed roles whose sessions may go on to it; absent where there are none. */
  chainedFrom?: ChainedFrom;
  /** What sessions of single entitlements may make that lives on after them; absent where there is nothing. */
  opened?: OpenedBy;
};

export type AccountPlan = {
  accountId: string;
  name: string;
  /** Those that are taken as ExternalId: one, or while it is being changed the old one and the new one. */
  externalIds: readonly string[];
  roles: readonly ManagedRolePlan[];
};

/** The roles into which sessions of these accounts may go on, as the boundary lets them. */
export const chainTargets = (accounts: readonly AccountPlan[]): readonly string[] => [
  ...new Set(accounts.flatMap(({ roles }) => roles.flatMap((role) => role.chainsInto ?? []))),
];

/** What sessions in these accounts may make that lives on after them, and under which entitlements. */
export const openedIn = (accounts: readonly AccountPlan[]): OpenedBy => {
  const pairs = accounts.flatMap(({ roles }) =>
    roles.flatMap(({ opened = {} }) =>
      longerLivedIds.flatMap((id) => (opened[id] ?? []).map((entitlementId) => ({ id, entitlementId }))),
    ),
  );
  return Object.fromEntries(
    [...Map.groupBy(pairs, ({ id }) => id)].map(([id, of]) => [id, of.map(({ entitlementId }) => entitlementId)]),
  );
};

/** The boundary of these accounts, as one template writes it. */
export const boundaryOf = ({ mayPass }: Pick<OnboardingPlan, 'mayPass'>, accounts: readonly AccountPlan[]): Document =>
  boundaryDocument(mayPass, chainTargets(accounts), openedIn(accounts));

/** Everything that the templates say, before it is written in one of their forms. */
export type OnboardingPlan = {
  hub: { accountId: string; region: string };
  /** Where the IAM resources are described; rules are in every region. */
  homeRegion: string;
  /** ARNs of those that may take managed roles, and of those that may take the revoker. */
  brokers: readonly string[];
  revokers: readonly string[];
  /** How Daypass hears of events: rules send them to the hub's bus, or it looks them up itself through the revoker. */
  hears: 'forwarded' | 'looked-up';
  /** Names of roles, with wildcards, that a session may pass to AWS services. */
  mayPass: readonly string[];
  accounts: readonly AccountPlan[];
};

export type PlanOptions = {
  permissions?: Permissions;
  /** Beside the one of the access policy, by account id. */
  newExternalIds?: Readonly<Record<string, string>>;
  hubRegion?: string;
  homeRegion?: string;
  /**
   * The principal of a single node, in place of the policy's and of the hub's function roles. It has no bus, so nothing
   * is forwarded.
   */
  broker?: string;
};

const defaultRegion = 'us-east-1';

/** The account in which Daypass runs: the one into which no ExternalId is sent. */
export const hubOf = (policy: Policy): Account | undefined =>
  policy.accounts.find(({ externalId }) => externalId === undefined);

export const targetsOf = (policy: Policy): Account[] =>
  policy.accounts.filter(({ externalId }) => externalId !== undefined);

const assumes = ({ statements }: FunctionConfig, roleArn: string): boolean =>
  statements.some(({ actions, resources }) => actions.includes('sts:AssumeRole') && resources.includes(roleArn));

/** The roles of the functions whose configuration says that they assume this one. */
const functionRoles = (hubAccountId: string, roleArn: string): string[] =>
  functions
    .filter((config) => assumes(config, roleArn))
    .map(({ name }) => roleArnOf({ accountId: hubAccountId, roleName: functionRoleName(name) }));

const nothing: RolePermissions = { statements: [], managedPolicyArns: [] };

const openedBy = (entitlements: readonly Entitlement[]): { opened?: OpenedBy } => {
  const opening = longerLivedIds.flatMap((id) => {
    const ids = entitlements.filter(({ opens }) => opens?.[id] !== undefined).map((entitlement) => entitlement.id);
    return ids.length === 0 ? [] : [[id, ids]];
  });
  return opening.length === 0 ? {} : { opened: Object.fromEntries(opening) };
};

const managedRole = (
  roleName: string,
  entitlements: readonly Entitlement[],
  permissions: AccountPermissions | undefined,
  all: readonly Entitlement[],
): ManagedRolePlan => ({
  roleName,
  entitlementIds: entitlements.map(({ id }) => id),
  tagKeys: [...new Set([grantTag, entitlementTag, ...entitlements.flatMap(({ tags }) => Object.keys(tags))])],
  permissions: permissions?.[roleName] ?? nothing,
  ...openedBy(entitlements),
  ...chainsInto(entitlements),
  ...chainedFrom(entitlements, all),
});

const accountPlan = (policy: Policy, account: Account, options: PlanOptions): AccountPlan => {
  const lent = policy.entitlements.filter(({ accountId }) => accountId === account.id);
  const extra = options.newExternalIds?.[account.id];
  return {
    accountId: account.id,
    name: account.name,
    externalIds: [account.externalId, extra].filter((id) => id !== undefined),
    roles: [...Map.groupBy(lent, ({ roleName }) => roleName)].map(([roleName, entitlements]) =>
      managedRole(roleName, entitlements, options.permissions?.accounts[account.name], policy.entitlements),
    ),
  };
};

/** The plan for these target accounts of the policy. Throws a RangeError where the policy has no hub. */
export const onboardingPlan = (
  policy: Policy,
  accounts: readonly Account[],
  options: PlanOptions = {},
): OnboardingPlan => {
  const hub = hubOf(policy);
  if (!hub) throw new RangeError('No account of the access policy goes without an externalId, so none is the hub.');
  const broker = options.broker ?? hub.broker;
  return {
    hub: { accountId: hub.id, region: options.hubRegion ?? hubRegionOf(policy) },
    homeRegion: options.homeRegion ?? defaultRegion,
    brokers: broker === undefined ? functionRoles(hub.id, managedRolesEverywhere) : [broker],
    revokers: broker === undefined ? functionRoles(hub.id, roleEverywhere(revokerRoleName)) : [broker],
    hears: broker === undefined ? 'forwarded' : 'looked-up',
    mayPass: options.permissions?.mayPass ?? [],
    accounts: accounts.map((account) => accountPlan(policy, account, options)),
  };
};
