import { policyArnOf } from '#core/aws-arn.ts';
import { bindTrust, checkInline } from './documents.ts';
import { noSuchEntity } from './errors.ts';
import { newId } from './ids.ts';
import { parsePolicy } from './policy.ts';
import type { Principal, Role, Tags, User } from './principals.ts';
import type { IamStores } from './stores.ts';

/** A policy as an object; it is stored as JSON text. */
export type PolicyDocument = Readonly<Record<string, unknown>>;
type Policies = Readonly<Record<string, PolicyDocument>>;

export type RoleSeed = {
  accountId: string;
  roleName: string;
  trust: PolicyDocument;
  policies: Policies;
  maxSessionDurationSec?: number;
  /** ARN of a managed policy, for instance one of `managedPolicies`. */
  permissionsBoundary?: string;
  tags?: Tags;
  description?: string;
};

export type ManagedPolicySeed = { accountId: string; policyName: string; document: PolicyDocument };

export type Seed = {
  accounts: readonly { id: string; name: string }[];
  managedPolicies?: readonly ManagedPolicySeed[];
  users: readonly { accountId: string; userName: string; policies: Policies; tags?: Tags }[];
  roles: readonly RoleSeed[];
};

/** Throws MalformedPolicyDocument or LimitExceeded. */
export const putPolicies = (stores: IamStores, owner: Principal, policies: Policies): void => {
  for (const [name, document] of Object.entries(policies)) {
    const text = JSON.stringify(document);
    checkInline(owner, name, text, stores.policies);
    stores.policies.putInline(owner.id, name, text);
  }
};

/** Throws NoSuchEntity for a boundary that is not there. */
export const roleFrom = (stores: IamStores, seed: RoleSeed, id: string, createdAtMs: number): Role => {
  if (seed.permissionsBoundary !== undefined && !stores.policies.managed(seed.permissionsBoundary)) {
    throw noSuchEntity(`Scope ARN: ${seed.permissionsBoundary} does not exist or is not attachable.`);
  }
  return {
    kind: 'role',
    id,
    accountId: seed.accountId,
    name: seed.roleName,
    path: '/',
    createdAtMs,
    tags: seed.tags ?? {},
    trust: JSON.stringify(seed.trust),
    boundIds: {},
    maxSessionDurationSec: seed.maxSessionDurationSec ?? 3600,
    ...(seed.permissionsBoundary === undefined ? {} : { boundaryArn: seed.permissionsBoundary }),
    ...(seed.description === undefined ? {} : { description: seed.description }),
  };
};

const addUser = (stores: IamStores, seed: Seed['users'][number]): void => {
  const { accountId, userName, policies, tags = {} } = seed;
  if (stores.principals.user(accountId, userName)) return;
  const createdAtMs = stores.clock.nowMs();
  const user: User = {
    kind: 'user',
    id: newId('AIDA', stores.random),
    accountId,
    name: userName,
    path: '/',
    createdAtMs,
    tags,
  };
  stores.principals.save(user);
  putPolicies(stores, user, policies);
  stores.policies.addKey(newId('AKIA', stores.random), user.id, createdAtMs);
};

export const managedArn = ({ accountId, policyName }: ManagedPolicySeed): string => policyArnOf(accountId, policyName);

/** Writes it, whatever it was. Throws MalformedPolicyDocument. */
export const putManaged = (stores: IamStores, seed: ManagedPolicySeed): void => {
  const arn = managedArn(seed);
  const present = stores.policies.managed(arn);
  const document = JSON.stringify(seed.document);
  parsePolicy(document, 'identity');
  const { accountId, policyName: name } = seed;
  const id = present?.id ?? newId('ANPA', stores.random);
  stores.policies.putManaged({
    arn,
    id,
    accountId,
    name,
    document,
    createdAtMs: present?.createdAtMs ?? stores.clock.nowMs(),
  });
};

/**
 * Creates what is absent and leaves alone what is there, whatever an admin made of it since. Roles may trust each
 * other: trust policies are bound once all are there. A new user gets one access key. All or nothing.
 */
export const seedWorld = (stores: IamStores, seed: Seed): void =>
  stores.atomically(() => {
    for (const { id, name } of seed.accounts) stores.principals.addAccount(id, name);
    for (const policy of seed.managedPolicies ?? []) {
      if (!stores.policies.managed(managedArn(policy))) putManaged(stores, policy);
    }
    for (const user of seed.users) addUser(stores, user);
    const added = seed.roles
      .filter(({ accountId, roleName }) => !stores.principals.role(accountId, roleName))
      .map((role) => [role, roleFrom(stores, role, newId('AROA', stores.random), stores.clock.nowMs())] as const);
    for (const [, role] of added) stores.principals.save(role);
    for (const [{ policies }, role] of added) {
      stores.principals.save({ ...role, boundIds: bindTrust(role.trust, stores.principals) });
      putPolicies(stores, role, policies);
    }
  });

/**
 * Makes a role exactly this, whatever it was: for roles that follow the code. It keeps its unique id, and so its
 * sessions.
 */
export const replaceRole = (stores: IamStores, seed: RoleSeed): void =>
  stores.atomically(() => {
    const present = stores.principals.role(seed.accountId, seed.roleName);
    const id = present?.id ?? newId('AROA', stores.random);
    const role = roleFrom(stores, seed, id, present?.createdAtMs ?? stores.clock.nowMs());
    stores.principals.save(role);
    stores.principals.save({ ...role, boundIds: bindTrust(role.trust, stores.principals) });
    stores.policies.removeAllInline(id);
    putPolicies(stores, role, seed.policies);
  });
