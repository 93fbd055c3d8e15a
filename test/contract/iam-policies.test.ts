import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allow, type IdentityStack, keysOf, startIdentity, trust } from '#test/local/aws/sts/identity-stack.ts';

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
