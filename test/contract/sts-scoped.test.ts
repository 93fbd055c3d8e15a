import { GetRoleCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetScopedCredentialsCommand,
  type GetScopedCredentialsCommandInput,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '#local/aws/iam/seed.ts';
import { type IdentityStack, type Keys, keysOf, startIdentity } from '#test/local/aws/sts/identity-stack.ts';
import { broker, orders, ordersWorld } from '#test/local/aws/sts/orders-world.ts';

const arn = 'arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice';
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const allBut = (statement: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [everything, { Effect: 'Deny', Action: '*', Resource: '*', ...statement }],
  });

let stack: IdentityStack;
let brokerKeys: Required<Keys>;
beforeEach(async () => {
  stack = await startIdentity(ordersWorld);
  const hubAdmin = stack.stsClient(stack.userKeys('111111111111', 'hub-admin'));
  brokerKeys = keysOf(await hubAdmin.send(new AssumeRoleCommand({ RoleArn: broker, RoleSessionName: 'mint' })));
});
afterEach(() => stack.close());

/** A session of fifteen minutes, as Daypass makes it for a short grant. */
const session = async (input: Partial<AssumeRoleCommandInput> = {}): Promise<Required<Keys>> =>
  keysOf(
    await stack.stsClient(brokerKeys).send(
      new AssumeRoleCommand({
        RoleArn: orders,
        RoleSessionName: 'alice',
        ExternalId: 'id-of-hub',
        DurationSeconds: 900,
        SourceIdentity: 'alice',
        Tags: [{ Key: 'daypass:grant', Value: '01J' }],
        TransitiveTagKeys: ['daypass:grant'],
        ...input,
      }),
    ),
  );
const scope = (keys: Keys, input: GetScopedCredentialsCommandInput, region?: string) =>
  stack.stsClient(keys, region).send(new GetScopedCredentialsCommand(input));
const readRole = (keys: Keys) => stack.iamClient(keys).send(new GetRoleCommand({ RoleName: 'locked' }));

/** The role's policies from now on. */
const denyRole = (deny: object): void => {
  const role = ordersWorld.roles.find(({ roleName }) => roleName === 'daypass-jit-orders-admin');
  if (!role) throw new Error('There is no such role.');
  const AWSRevokeOlderSessions: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', ...deny }],
  };
  stack.iam.replaceRole({ ...role, policies: { ...role.policies, AWSRevokeOlderSessions } });
};

describe('further keys of a session', () => {
  it('are the same session by another key: name, tags, person, and what it passes on', async () => {
    const first = await session();
    const answer = await scope(first, { DurationSeconds: 20 });
    expect(answer).toMatchObject({
      SessionInfo: { Arn: arn, ScopedSessionId: expect.stringMatching(/^AROA\w+:alice$/) },
      SourceIdentity: 'alice',
      ScopedPoliciesCount: 0,
    });
    const keys = keysOf(answer);
    expect(keys.accessKeyId).not.toBe(first.accessKeyId);
    expect((await stack.stsClient(keys).send(new GetCallerIdentityCommand({}))).Arn).toBe(arn);
    const next = await stack
      .stsClient(keys)
      .send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::333333333333:role/onward', RoleSessionName: 'next' }));
    expect(next.SourceIdentity).toBe('alice');
    expect(stack.sts.find(keysOf(next).accessKeyId)?.caller).toMatchObject({
      session: { tags: { 'daypass:grant': '01J' } },
    });
  });

  it('end when they were asked to, to the second, and the session goes on', async () => {
    const first = await session();
    const answer = await scope(first, { DurationSeconds: 20 });
    expect(answer.Credentials?.Expiration).toEqual(new Date('2026-11-22T10:00:20.000Z'));
    await stack.clock.turn(19_999);
    await expect(readRole(keysOf(answer))).resolves.toBeDefined();
    await stack.clock.turn(1);
    await expect(readRole(keysOf(answer))).rejects.toMatchObject({ name: 'ExpiredToken' });
    await expect(readRole(first)).resolves.toBeDefined();
  });

  it('end with the session where no duration is said, and never later', async () => {
    const first = await session();
    await stack.clock.turn(300_000);
    const answer = await scope(first, { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [everything] }) });
    expect(answer.Credentials?.Expiration).toEqual(new Date('2026-11-22T10:15:00.000Z'));
    await expect(scope(first, { DurationSeconds: 600 })).resolves.toBeDefined();
    await expect(scope(first, { DurationSeconds: 601 })).rejects.toMatchObject({
      name: 'InsufficientSessionLifetimeException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('stay within the policy of the session, whatever theirs would allow', async () => {
    const first = await session({
      Policy: allBut({ Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-22T10:00:20Z' } } }),
    });
    const keys = keysOf(
      await scope(first, { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [everything] }) }),
    );
    await stack.clock.turn(19_999);
    await expect(readRole(keys)).resolves.toBeDefined();
    await stack.clock.turn(1);
    await expect(readRole(keys)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in a session policy'),
    });
  });

  it.each([
    ['its grant', { StringEquals: { 'aws:PrincipalTag/daypass:grant': ['01J'] } }],
    ['its person', { StringEquals: { 'aws:SourceIdentity': 'alice' } }],
    ['its name', { StringLike: { 'aws:userid': '*:alice' } }],
    ['every session of before', {}],
  ])('are denied by the deny of %s, and make no more keys', async (_, who) => {
    const keys = keysOf(await scope(await session(), { DurationSeconds: 800 }));
    const later = keysOf(await scope(keys, { DurationSeconds: 700 }));
    denyRole({ Condition: { ...who, DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:00:30.000Z' } } });
    for (const each of [keys, later]) {
      await expect(readRole(each)).rejects.toMatchObject({
        name: 'AccessDenied',
        message: expect.stringContaining('with an explicit deny in an identity-based policy'),
      });
      await expect(scope(each, { DurationSeconds: 60 })).rejects.toMatchObject({
        name: 'AccessDenied',
        message: `User: ${arn} is not authorized to perform: sts:GetScopedCredentials on resource: ${arn} with an explicit deny in an identity-based policy`,
      });
    }
  });

  it('take three policies, each of which must allow, and no fourth', async () => {
    let keys = await session();
    for (const Action of ['iam:GetRole', 's3:GetObject', 'sqs:SendMessage']) {
      keys = keysOf(await scope(keys, { Policy: allBut({ Action }) }));
    }
    await expect(readRole(keys)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in a session policy'),
    });
    await expect(scope(keys, { Policy: allBut({ Action: 's3:PutObject' }) })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(scope(keys, { DurationSeconds: 60 })).resolves.toMatchObject({ ScopedPoliciesCount: 3 });
  });

  it('are not for the keys of a user', async () => {
    await expect(scope(stack.userKeys('111111111111', 'hub-admin'), { DurationSeconds: 60 })).rejects.toMatchObject({
      name: 'InvalidSubjectCredentialsException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each<[string, GetScopedCredentialsCommandInput, string]>([
    ['neither a policy nor a duration', {}, 'ValidationError'],
    ['no second', { DurationSeconds: 0 }, 'ValidationError'],
    ['more than 36 hours', { DurationSeconds: 129_601 }, 'ValidationError'],
    ['a policy of 2,049 characters', { Policy: allBut({ Sid: '' }).padEnd(2_049) }, 'ValidationError'],
    [
      'a description of 257 characters',
      { DurationSeconds: 60, ScopedSessionDescription: 'x'.repeat(257) },
      'ValidationError',
    ],
    ['a size of the token', { DurationSeconds: 60, MinimumSessionTokenSize: 4_096 }, 'ValidationError'],
    ['a policy that is none', { Policy: '{"Statement":[]' }, 'MalformedPolicyDocumentException'],
  ])('are refused with %s', async (_, input, name) => {
    await expect(scope(await session(), input)).rejects.toMatchObject({ name });
  });

  it('are served in every region, and leave no secret in the database nor in what is recorded', async () => {
    const answer = await scope(await session(), { DurationSeconds: 60 }, 'eu-central-1');
    const { accessKeyId, secretAccessKey, sessionToken } = keysOf(answer);
    expect(stack.completed.at(-1)).toMatchObject({ action: 'GetScopedCredentials', region: 'eu-central-1' });
    const rows = JSON.stringify(stack.db.prepare('SELECT * FROM sts_sessions').all());
    expect(rows).toContain(accessKeyId);
    for (const secret of [secretAccessKey, sessionToken]) {
      expect(rows).not.toContain(secret);
      expect(JSON.stringify(stack.completed)).not.toContain(secret);
    }
  });
});
