import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { entitlementTag, externalId, grantTag, production, revokerArn, role, type Target } from './world.ts';

/** What must be true of a target account, tried with real clients. It knows nothing of how the templates are built. */
export type Property = { name: string; expected: 'ok' | 'AccessDenied'; act(target: Target): Promise<unknown> };

const denied = (name: string, act: Property['act']): Property => ({ name, expected: 'AccessDenied', act });
const works = (name: string, act: Property['act']): Property => ({ name, expected: 'ok', act });

const boundary = `arn:aws:iam::${production}:policy/daypass-boundary`;
const PolicyName = 'AWSRevokeOlderSessions';
const RoleName = role;
const all = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const open = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${production}"},"Action":"sts:AssumeRole"}]}`;

const minting: readonly Property[] = [
  works('Daypass mints', (target) => target.mint()),
  denied('no ExternalId', (target) => target.mint({ ExternalId: undefined })),
  denied('a wrong ExternalId', (target) => target.mint({ ExternalId: 'dp-production-7f3a91c3' })),
  denied("another account's ExternalId", (target) => target.mint({ ExternalId: 'dp-partner-c05e4d18' })),
  denied('no tag', (target) => target.mint({ Tags: undefined, TransitiveTagKeys: undefined })),
  denied('no grant tag', (target) =>
    target.mint({ Tags: [entitlementTag], TransitiveTagKeys: ['daypass:entitlement'] }),
  ),
  denied('a grant tag that is lost on the way to another role', (target) =>
    target.mint({ TransitiveTagKeys: ['daypass:entitlement'] }),
  ),
  denied("another role's entitlement", (target) =>
    target.mint({ Tags: [grantTag, { ...entitlementTag, Value: 'orders-read' }] }),
  ),
  denied('a tag of nobody’s', (target) =>
    target.mint({ Tags: [grantTag, entitlementTag, { Key: 'team', Value: 'root' }] }),
  ),
  denied('no source identity', (target) => target.mint({ SourceIdentity: undefined })),
  denied('another function of the hub', (target) => target.mint({}, 'notify')),
  denied('a revoking function of the hub', (target) => target.mint({}, 'revoke-sessions')),
  denied('an administrator of the hub', (target) =>
    target.assume(target.hubAdmin, {
      ExternalId: externalId,
      SourceIdentity: 'alice',
      Tags: [grantTag, entitlementTag],
      TransitiveTagKeys: ['daypass:grant'],
    }),
  ),
  denied('an administrator of the account', (target) => target.assume(target.admin, { ExternalId: externalId })),
];

/** An act of a session that the role itself would allow. */
const bySession =
  (act: (target: Target, keys: Awaited<ReturnType<Target['mint']>>) => Promise<unknown>): Property['act'] =>
  async (target) =>
    act(target, await target.mint());

const sessions: readonly Property[] = [
  works(
    'a session looks at its role',
    bySession((target, keys) => target.iamAs(keys).send(new GetRoleCommand({ RoleName }))),
  ),
  denied(
    'a session goes on to a role that no entitlement names',
    bySession((target, keys) => target.assume(keys, { RoleArn: `arn:aws:iam::${production}:role/deployer` })),
  ),
  works(
    'a session works on rules of others',
    bySession((target, keys) => target.disableRule(keys, 'orders')),
  ),
  denied(
    'a session deletes its own deny',
    bySession((target, keys) => target.iamAs(keys).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))),
  ),
  denied(
    'a session empties its own deny',
    bySession((target, keys) =>
      target.iamAs(keys).send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: all })),
    ),
  ),
  denied(
    'a session edits its trust',
    bySession((target, keys) =>
      target.iamAs(keys).send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: open })),
    ),
  ),
  denied(
    'a session drops its boundary',
    bySession((target, keys) => target.iamAs(keys).send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))),
  ),
  denied(
    'a session changes its boundary',
    bySession((target, keys) =>
      target.iamAs(keys).send(
        new PutRolePermissionsBoundaryCommand({
          RoleName,
          PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      ),
    ),
  ),
  denied(
    'a session deletes its role',
    bySession((target, keys) => target.iamAs(keys).send(new DeleteRoleCommand({ RoleName }))),
  ),
  denied(
    'a session tags its role',
    bySession((target, keys) => target.iamAs(keys).send(new TagRoleCommand({ RoleName, Tags: [grantTag] }))),
  ),
  denied(
    'a session writes the policy of another managed role',
    bySession((target, keys) =>
      target
        .iamAs(keys)
        .send(new PutRolePolicyCommand({ RoleName: 'daypass-jit-orders-read', PolicyName: 'x', PolicyDocument: all })),
    ),
  ),
  denied(
    'a session writes the policy of the revoker',
    bySession((target, keys) =>
      target
        .iamAs(keys)
        .send(new PutRolePolicyCommand({ RoleName: 'daypass-revoker', PolicyName: 'x', PolicyDocument: all })),
    ),
  ),
  denied(
    'a session writes the policy of any role',
    bySession((target, keys) =>
      target.iamAs(keys).send(new PutRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'x', PolicyDocument: all })),
    ),
  ),
  denied(
    'a session opens the trust of any role',
    bySession((target, keys) =>
      target.iamAs(keys).send(new UpdateAssumeRolePolicyCommand({ RoleName: 'deployer', PolicyDocument: open })),
    ),
  ),
  denied(
    'a session makes a role',
    bySession((target, keys) =>
      target.iamAs(keys).send(new CreateRoleCommand({ RoleName: 'back-door', AssumeRolePolicyDocument: open })),
    ),
  ),
  denied(
    'a session makes a role with the boundary, which would outlive the grant',
    bySession((target, keys) =>
      target.iamAs(keys).send(
        new CreateRoleCommand({
          RoleName: 'back-door',
          AssumeRolePolicyDocument: open,
          PermissionsBoundary: boundary,
        }),
      ),
    ),
  ),
  denied(
    'a session makes a user',
    bySession((target, keys) => target.iamAs(keys).send(new CreateUserCommand({ UserName: 'mallory' }))),
  ),
  denied(
    'a session makes a user with the boundary',
    bySession((target, keys) =>
      target.iamAs(keys).send(new CreateUserCommand({ UserName: 'mallory', PermissionsBoundary: boundary })),
    ),
  ),
  denied(
    'a session makes an access key',
    bySession((target, keys) => target.iamAs(keys).send(new CreateAccessKeyCommand({ UserName: 'production-admin' }))),
  ),
  denied(
    'a session writes the policy of a user',
    bySession((target, keys) =>
      target.iamAs(keys).send(new PutUserPolicyCommand({ UserName: 'nobody', PolicyName: 'x', PolicyDocument: all })),
    ),
  ),
  denied(
    'a session makes a managed policy',
    bySession((target, keys) =>
      target.iamAs(keys).send(new CreatePolicyCommand({ PolicyName: 'x', PolicyDocument: all })),
    ),
  ),
  denied(
    'a session takes the revoker',
    bySession((target, keys) => target.assume(keys, { RoleArn: revokerArn, ExternalId: externalId })),
  ),
  denied(
    'a session takes a role of Daypass that was opened by mistake',
    bySession((target, keys) =>
      target.assume(keys, { RoleArn: `arn:aws:iam::${production}:role/daypass-opened-by-mistake` }),
    ),
  ),
  denied(
    'a session stops the rules that send events to the hub',
    bySession((target, keys) => target.disableRule(keys, 'daypass-forward-role-assumed')),
  ),
];

const byRevoker =
  (command: (iam: ReturnType<Target['iamAs']>) => Promise<unknown>): Property['act'] =>
  async (target) =>
    command(target.iamAs(await target.revoker()));

const revoking: readonly Property[] = [
  works(
    'the revoker writes a deny, reads it and lists it',
    byRevoker(async (iam) => {
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: all.replace('Allow', 'Deny') }));
      await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      await iam.send(new ListRolePoliciesCommand({ RoleName }));
    }),
  ),
  denied(
    'the revoker takes a policy away',
    byRevoker((iam) => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'permissions' }))),
  ),
  denied(
    'the revoker writes to a role of another name',
    byRevoker((iam) => iam.send(new PutRolePolicyCommand({ RoleName: 'deployer', PolicyName, PolicyDocument: all }))),
  ),
  denied(
    'the revoker writes to itself',
    byRevoker((iam) =>
      iam.send(new PutRolePolicyCommand({ RoleName: 'daypass-revoker', PolicyName, PolicyDocument: all })),
    ),
  ),
  denied(
    'the revoker writes to a managed role without the boundary',
    byRevoker((iam) =>
      iam.send(new PutRolePolicyCommand({ RoleName: 'daypass-jit-without-boundary', PolicyName, PolicyDocument: all })),
    ),
  ),
  denied(
    'the revoker opens a trust',
    byRevoker((iam) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: open }))),
  ),
  denied(
    'the revoker drops a boundary',
    byRevoker((iam) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))),
  ),
  denied(
    'the revoker makes a user',
    byRevoker((iam) => iam.send(new CreateUserCommand({ UserName: 'mallory' }))),
  ),
  denied('the revoker is taken without ExternalId', (target) => target.revoker({ ExternalId: undefined })),
  denied('the revoker is taken with a wrong ExternalId', (target) =>
    target.revoker({ ExternalId: 'dp-partner-c05e4d18' }),
  ),
  denied('the revoker is taken by the function that mints', (target) => target.revoker({}, 'mint-credentials')),
  denied('the revoker is taken by an administrator of the hub', (target) =>
    target.assume(target.hubAdmin, { RoleArn: revokerArn, ExternalId: externalId }),
  ),
  denied('the revoker is taken by an administrator of the account', (target) =>
    target.assume(target.admin, { RoleArn: revokerArn, ExternalId: externalId }),
  ),
];

/** The revoker's deny ends every session, so it comes last. */
export const properties: readonly Property[] = [...minting, ...sessions, ...revoking];

const outcome = async (act: Promise<unknown>): Promise<string> => {
  try {
    await act;
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.name.replace(/Exception$/, '') : String(error);
  }
};

/** The properties that do not hold, each with what happened instead. */
export const broken = async (target: Target): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const { name, expected, act } of properties) {
    const happened = await outcome(act(target));
    if (happened !== expected) found[name] = happened;
  }
  return found;
};
