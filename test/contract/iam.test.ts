import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allow, type IdentityStack, keysOf, startIdentity, trust } from '#test/local/aws/sts/identity-stack.ts';
import { cliNote, cliVersion, runCli } from '#test/local/aws/wire/aws-cli.ts';

const admin = 'arn:aws:iam::222222222222:user/production-admin';
const trustAdmin = JSON.stringify(trust({ AWS: admin }));
const denyAll = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };

let stack: IdentityStack;
let iam: IAMClient;

beforeEach(async () => {
  stack = await startIdentity();
  iam = stack.iamClient(stack.userKeys('222222222222', 'production-admin'));
});

afterEach(() => stack.close());

const createRole = (RoleName: string, AssumeRolePolicyDocument = trustAdmin) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));

const sessionOf = async (RoleName: string) =>
  keysOf(
    await stack
      .stsClient(stack.userKeys('222222222222', 'production-admin'))
      .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::222222222222:role/${RoleName}`, RoleSessionName: 'alice' })),
  );

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

describe('inline policies', () => {
  beforeEach(() => createRole('orders'));
  const put = (document: object | string, PolicyName = 'AWSRevokeOlderSessions') =>
    iam.send(
      new PutRolePolicyCommand({
        RoleName: 'orders',
        PolicyName,
        PolicyDocument: typeof document === 'string' ? document : JSON.stringify(document),
      }),
    );

  it('read back URL-encoded and byte for byte', async () => {
    const document = `{ "Version": "2012-10-17",\n "Statement": {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/daypass:grant":["01J+'(a)*é"]}}} }`;
    await put(document);
    const answer = await iam.send(
      new GetRolePolicyCommand({ RoleName: 'orders', PolicyName: 'AWSRevokeOlderSessions' }),
    );
    expect(answer.PolicyDocument).toMatch(/^%7B%20%22Version%22%3A/);
    expect(answer.PolicyDocument).not.toMatch(/[ '()*+]/);
    expect(decodeURIComponent(answer.PolicyDocument ?? '')).toBe(document);
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName: 'orders' }))).PolicyNames).toEqual([
      'AWSRevokeOlderSessions',
    ]);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'orders', PolicyName: 'AWSRevokeOlderSessions' }));
    await expect(
      iam.send(new GetRolePolicyCommand({ RoleName: 'orders', PolicyName: 'AWSRevokeOlderSessions' })),
    ).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role policy with name AWSRevokeOlderSessions cannot be found.',
    });
  });

  it('may hold 10,240 characters per role together, white space not counted', async () => {
    const filler = (length: number) => ({
      Version: '2012-10-17',
      Statement: [{ Sid: 'a'.repeat(length), Effect: 'Deny', Action: '*', Resource: '*' }],
    });
    const bare = JSON.stringify(filler(0)).length;
    await put(JSON.stringify(filler(5120 - bare), null, 8), 'one');
    await put(filler(5120 - bare), 'two');
    await put(filler(5120 - bare), 'two');
    await expect(put(filler(5121 - bare), 'two')).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 10240 bytes exceeded for role orders',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it.each([
    ['not JSON', '{"Version"', 'This policy contains invalid Json'],
    [
      'an operator that does not exist',
      { ...denyAll, Statement: [{ ...denyAll.Statement[0], Condition: { StringSame: { 'aws:userid': 'x' } } }] },
      'Invalid Condition type : StringSame',
    ],
    [
      'a principal in an identity policy',
      { ...denyAll, Statement: [{ ...denyAll.Statement[0], Principal: '*' }] },
      'Has prohibited field Principal',
    ],
    [
      'an action without a service',
      allow('GetItem'),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
  ])('are refused as malformed: %s', async (_, document, message) => {
    await expect(put(document)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
  });

  it('work at once: a deny by tag kills the tagged session and leaves the other', async () => {
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'orders',
        PolicyDocument: JSON.stringify(trust({ AWS: admin }, ['sts:AssumeRole', 'sts:TagSession'])),
      }),
    );
    await put(allow('iam:GetRole'), 'work');
    const assume = async (grant: string) =>
      keysOf(
        await stack.stsClient(stack.userKeys('222222222222', 'production-admin')).send(
          new AssumeRoleCommand({
            RoleArn: 'arn:aws:iam::222222222222:role/orders',
            RoleSessionName: grant,
            Tags: [{ Key: 'daypass:grant', Value: grant }],
          }),
        ),
      );
    const [ended, live] = [stack.iamClient(await assume('01A')), stack.iamClient(await assume('01B'))];
    await stack.clock.turn(1000);
    await put({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: {
            StringEquals: { 'aws:PrincipalTag/daypass:grant': ['01A'] },
            DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:00:31Z' },
          },
        },
      ],
    });
    await expect(ended.send(new GetRoleCommand({ RoleName: 'orders' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:sts::222222222222:assumed-role/orders/01A is not authorized to perform: iam:GetRole on resource: role orders with an explicit deny in an identity-based policy',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(live.send(new GetRoleCommand({ RoleName: 'orders' }))).resolves.toBeDefined();
  });
});

describe('trust policies', () => {
  it('name only principals that exist', async () => {
    const missing = 'arn:aws:iam::111111111111:role/missing';
    await expect(createRole('orders', JSON.stringify(trust({ AWS: missing })))).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: `Invalid principal in policy: "AWS":"${missing}"`,
    });
  });

  it('mean the role that bore the name when they were written, not one made later', async () => {
    const worker = 'arn:aws:iam::222222222222:role/worker';
    const roleId = (await createRole('worker')).Role?.RoleId;
    await createRole('orders', JSON.stringify(trust({ AWS: worker })));
    await iam.send(new DeleteRoleCommand({ RoleName: 'worker' }));
    await createRole('worker');
    const impostor = stack.stsClient(await sessionOf('worker'));
    await expect(
      impostor.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::222222222222:role/orders', RoleSessionName: 'me' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    const shown = (await iam.send(new GetRoleCommand({ RoleName: 'orders' }))).Role?.AssumeRolePolicyDocument ?? '';
    expect(JSON.parse(decodeURIComponent(shown)).Statement[0].Principal).toEqual({ AWS: roleId });
  });

  it('hold at most 2,048 characters', async () => {
    const Sid = 'a'.repeat(2048);
    await expect(
      createRole('orders', JSON.stringify(trust({ AWS: admin }, 'sts:AssumeRole', { Sid }))),
    ).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for ACLSizePerRole: 2048',
    });
  });
});

describe('a permissions boundary', () => {
  it('limits a role whatever its policies allow, and can be taken off again', async () => {
    await createRole('orders');
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'orders', PolicyName: 'all', PolicyDocument: JSON.stringify(allow('*')) }),
    );
    const made = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'edge', PolicyDocument: JSON.stringify(allow('iam:GetRole')) }),
    );
    const PermissionsBoundary = made.Policy?.Arn ?? '';
    expect(PermissionsBoundary).toBe('arn:aws:iam::222222222222:policy/edge');
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'orders', PermissionsBoundary }));
    const session = stack.iamClient(await sessionOf('orders'));
    const seen = await session.send(new GetRoleCommand({ RoleName: 'orders' }));
    expect(seen.Role?.PermissionsBoundary).toEqual({
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: PermissionsBoundary,
    });
    await expect(session.send(new ListRolesCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:sts::222222222222:assumed-role/orders/alice is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::222222222222:role/ because no permissions boundary allows the iam:ListRoles action',
    });
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'orders' }));
    await expect(session.send(new ListRolesCommand({}))).resolves.toBeDefined();
  });

  it('must be a policy that exists', async () => {
    await createRole('orders');
    const PermissionsBoundary = 'arn:aws:iam::222222222222:policy/missing';
    await expect(
      iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'orders', PermissionsBoundary })),
    ).rejects.toMatchObject({
      name: 'NoSuchEntityException',
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
