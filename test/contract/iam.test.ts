import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allow, type IdentityStack, startIdentity, trust } from '#test/local/aws/sts/identity-stack.ts';
import { cliNote, cliVersion, runCli } from '#test/local/aws/wire/aws-cli.ts';

const admin = 'arn:aws:iam::222222222222:user/production-admin';
const trustAdmin = JSON.stringify(trust({ AWS: admin }));

let stack: IdentityStack;
let iam: IAMClient;

beforeEach(async () => {
  stack = await startIdentity();
  iam = stack.iamClient(stack.userKeys('222222222222', 'production-admin'));
});

afterEach(() => stack.close());

const createRole = (RoleName: string, AssumeRolePolicyDocument = trustAdmin) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));

describe('roles', () => {
  it('are created, read, changed and deleted', async () => {
    const tags = [{ Key: 'team', Value: 'orders' }];
    const made = await iam.send(
      new CreateRoleCommand({
        RoleName: 'orders',
        AssumeRolePolicyDocument: trustAdmin,
        Description: 'a <b> & c',
        Tags: tags,
      }),
    );
    expect(made.Role).toMatchObject({
      Arn: 'arn:aws:iam::222222222222:role/orders',
      Path: '/',
      CreateDate: new Date('2026-11-22T10:00:00.000Z'),
      MaxSessionDuration: 3600,
      Description: 'a <b> & c',
      Tags: tags,
    });
    expect(made.Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    await iam.send(new UpdateRoleCommand({ RoleName: 'orders', MaxSessionDuration: 7200 }));
    await iam.send(new TagRoleCommand({ RoleName: 'orders', Tags: [{ Key: 'stage', Value: 'live' }] }));
    await iam.send(new UntagRoleCommand({ RoleName: 'orders', TagKeys: ['team'] }));
    expect((await iam.send(new GetRoleCommand({ RoleName: 'ORDERS' }))).Role).toMatchObject({
      RoleName: 'orders',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'stage', Value: 'live' }],
    });
    expect((await iam.send(new ListRoleTagsCommand({ RoleName: 'orders' }))).Tags).toEqual([
      { Key: 'stage', Value: 'live' },
    ]);
    await iam.send(new DeleteRoleCommand({ RoleName: 'orders' }));
    await expect(iam.send(new GetRoleCommand({ RoleName: 'orders' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name orders cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('have names that are taken whatever their case', async () => {
    await createRole('orders');
    await expect(createRole('Orders')).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name Orders already exists.',
    });
  });

  it('are listed in pages and only those of the caller’s account', async () => {
    for (const name of ['b', 'a', 'c']) await createRole(name);
    const first = await iam.send(new ListRolesCommand({ MaxItems: 2 }));
    expect(first.Roles?.map(({ RoleName }) => RoleName)).toEqual(['a', 'b']);
    expect(first.IsTruncated).toBe(true);
    const rest = await iam.send(
      new ListRolesCommand({ MaxItems: 2, ...(first.Marker ? { Marker: first.Marker } : {}) }),
    );
    expect(rest.Roles?.map(({ RoleName }) => RoleName)).toEqual(['c']);
    expect(rest.IsTruncated).toBe(false);
  });

  it('cannot be deleted while they hold policies', async () => {
    await createRole('orders');
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'orders', PolicyName: 'p', PolicyDocument: JSON.stringify(allow('*')) }),
    );
    await expect(iam.send(new DeleteRoleCommand({ RoleName: 'orders' }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must delete policies first.',
    });
  });
});

describe('users and access keys', () => {
  it('are created with keys that work until they are deleted', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'carol' }));
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'carol',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify(allow('iam:GetUser')),
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'carol' }));
    const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
    expect(keys.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    const carol = stack.iamClient(keys);
    expect((await carol.send(new GetUserCommand({}))).User?.Arn).toBe('arn:aws:iam::222222222222:user/carol');
    expect((await iam.send(new ListAccessKeysCommand({ UserName: 'carol' }))).AccessKeyMetadata).toMatchObject([
      { AccessKeyId: keys.accessKeyId, Status: 'Active', UserName: 'carol' },
    ]);
    expect((await iam.send(new ListUserPoliciesCommand({ UserName: 'carol' }))).PolicyNames).toEqual(['p']);
    const read = await iam.send(new GetUserPolicyCommand({ UserName: 'carol', PolicyName: 'p' }));
    expect(JSON.parse(decodeURIComponent(read.PolicyDocument ?? ''))).toEqual(allow('iam:GetUser'));
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'carol', PolicyName: 'p' }));
    await expect(carol.send(new GetUserCommand({}))).rejects.toMatchObject({
      message:
        'User: arn:aws:iam::222222222222:user/carol is not authorized to perform: iam:GetUser on resource: user carol because no identity-based policy allows the iam:GetUser action',
    });
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'carol', AccessKeyId: keys.accessKeyId }));
    await expect(stack.stsClient(keys).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  it('are two keys at most per user', async () => {
    await iam.send(new CreateAccessKeyCommand({}));
    await expect(iam.send(new CreateAccessKeyCommand({}))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    });
  });

  it('are listed by account', async () => {
    const { Users } = await iam.send(new ListUsersCommand({}));
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['nobody', 'production-admin']);
  });
});

describe(`independent clients${cliNote}`, () => {
  it('parse answers and errors alike', async () => {
    await createRole('orders');
    const answer = await iam.send(new GetRoleCommand({ RoleName: 'orders' }));
    expect(answer.Role?.RoleName).toBe('orders');
    if (cliVersion === undefined) return;
    const keys = stack.userKeys('222222222222', 'production-admin');
    const seen = await runCli(stack.url, keys, ['iam', 'get-role', '--role-name', 'orders']);
    expect(JSON.parse(seen.stdout).Role).toMatchObject({
      Arn: 'arn:aws:iam::222222222222:role/orders',
      CreateDate: '2026-11-22T10:00:00Z',
      AssumeRolePolicyDocument: JSON.parse(trustAdmin),
    });
    const updated = await runCli(stack.url, keys, [
      'iam',
      'update-role',
      '--role-name',
      'orders',
      '--max-session-duration',
      '7200',
    ]);
    expect(updated).toMatchObject({ code: 0, stderr: '' });
    const who = await runCli(stack.url, keys, ['sts', 'get-caller-identity']);
    expect(JSON.parse(who.stdout)).toMatchObject({ Account: '222222222222', Arn: admin });
    const missing = await runCli(stack.url, keys, ['iam', 'get-role', '--role-name', 'missing']);
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain(
      'An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name missing cannot be found.',
    );
    const assumed = await runCli(stack.url, keys, [
      'sts',
      'assume-role',
      '--role-arn',
      'arn:aws:iam::222222222222:role/orders',
      '--role-session-name',
      'alice',
      '--policy',
      JSON.stringify(allow('iam:GetRole')),
    ]);
    expect(JSON.parse(assumed.stdout)).toMatchObject({
      Credentials: { Expiration: '2026-11-22T11:00:00Z' },
      AssumedRoleUser: { Arn: 'arn:aws:sts::222222222222:assumed-role/orders/alice' },
    });
  });
});
