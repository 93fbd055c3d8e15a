import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '#ports/clock.ts';
import type { Gatekeeper } from '../endpoint.ts';
import type { AwsService } from '../service.ts';
import type { KeyHolder } from '../sigv4/verify.ts';
import { createSts, type ServiceAssumed, type Sts } from '../sts/service.ts';
import { deployStack, type StackSeed } from './deploy.ts';
import { noSuchEntity } from './errors.ts';
import { authorize } from './gate.ts';
import { newId, type RandomBytes, systemRandom } from './ids.ts';
import type { KeyRing } from './keys.ts';
import { arnOf, parsePrincipalArn } from './principals.ts';
import { type RoleSeed, replaceRole, type Seed, seedWorld } from './seed.ts';
import { iamService } from './service.ts';
import { type ServiceForward, serviceMay } from './service-role.ts';
import { type IamStores, iamStores } from './stores.ts';

export type LongTermCredentials = { accessKeyId: string; secretAccessKey: string };

export type Iam = AwsService &
  Gatekeeper & {
    seed(world: Seed): void;
    replaceRole(role: RoleSeed): void;
    /** Roles and managed policies of a CloudFormation template. */
    deploy(stack: StackSeed): void;
    /** Whether an AWS service may do this with a role that it was given. */
    serviceMay(forward: ServiceForward): boolean;
    /** The oldest access key of a user, made when it has none. Throws NoSuchEntity. */
    credentialsOf(userArn: string): LongTermCredentials;
    /** The JSON text of a role's inline policy, for a page that looks without asking the API. */
    rolePolicy(roleArn: string, policyName: string): string | undefined;
  };

export type IdentityOptions = {
  db: DatabaseSync;
  clock: Clock;
  keys: KeyRing;
  random?: RandomBytes;
  /** Hears of roles that AWS services took (`sts.serviceSession`). */
  serviceAssumed?: (assumed: ServiceAssumed) => void;
};

const userHolder = (stores: IamStores, accessKeyId: string): KeyHolder | undefined => {
  const owner = stores.policies.ownerOfKey(accessKeyId);
  const user = owner === undefined ? undefined : stores.principals.principal(owner);
  if (user?.kind !== 'user') return undefined;
  const { id: userId, name: userName, accountId } = user;
  return {
    caller: { kind: 'user', accountId, arn: arnOf(user), userId, userName, accessKeyId },
    secretAccessKey: stores.keys.secretOf(accessKeyId),
  };
};

const credentialsOf = (stores: IamStores, userArn: string): LongTermCredentials => {
  const named = parsePrincipalArn(userArn);
  const user = named?.kind === 'user' ? stores.principals.user(named.accountId, named.name) : undefined;
  if (!user) throw noSuchEntity(`The user ${userArn} cannot be found.`);
  const [oldest] = stores.policies.keysOf(user.id);
  const accessKeyId = oldest?.id ?? newId('AKIA', stores.random);
  if (!oldest) stores.policies.addKey(accessKeyId, user.id, stores.clock.nowMs());
  return { accessKeyId, secretAccessKey: stores.keys.secretOf(accessKeyId) };
};

const rolePolicy = (stores: IamStores, roleArn: string, policyName: string): string | undefined => {
  const named = parsePrincipalArn(roleArn);
  const role = named?.kind === 'role' ? stores.principals.role(named.accountId, named.name) : undefined;
  return role && stores.policies.inline(role.id).find(({ name }) => name === policyName)?.document;
};

/** IAM and STS of all accounts, on one database. */
export const createIdentity = (options: IdentityOptions): { iam: Iam; sts: Sts } => {
  const { db, clock, keys, random = systemRandom, serviceAssumed } = options;
  const stores = iamStores(db, keys, clock, random);
  const { principals, policies } = stores;
  const sts = createSts({
    db,
    clock,
    keys,
    principals,
    policies,
    random,
    ...(serviceAssumed ? { serviceAssumed } : {}),
  });
  return {
    sts,
    iam: {
      ...iamService(stores),
      find: (accessKeyId) => (accessKeyId.startsWith('ASIA') ? sts.find(accessKeyId) : userHolder(stores, accessKeyId)),
      authorize: (call, needs) => authorize(call, needs, principals, policies),
      seed: (world) => seedWorld(stores, world),
      replaceRole: (role) => replaceRole(stores, role),
      deploy: (stack) => deployStack(stores, stack),
      serviceMay: (forward) => serviceMay(stores, forward),
      credentialsOf: (userArn) => credentialsOf(stores, userArn),
      rolePolicy: (roleArn, policyName) => rolePolicy(stores, roleArn, policyName),
    },
  };
};
