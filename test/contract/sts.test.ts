import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IdentityStack, type Keys, keysOf, startIdentity, trust } from '#test/local/aws/sts/identity-stack.ts';
import { broker, orders, ordersWorld } from '#test/local/aws/sts/orders-world.ts';

let stack: IdentityStack;
let brokerKeys: Required<Keys>;

const assume = async (keys: Keys, input: Partial<AssumeRoleCommandInput> = {}) =>
  stack.stsClient(keys).send(new AssumeRoleCommand({ RoleArn: orders, RoleSessionName: 'alice', ...input }));

beforeEach(async () => {
  stack = await startIdentity(ordersWorld);
  brokerKeys = keysOf(
    await assume(stack.userKeys('111111111111', 'hub-admin'), { RoleArn: broker, RoleSessionName: 'mint' }),
  );
});

afterEach(() => stack.close());

describe('AssumeRole over the wire', () => {
  it('hands out credentials that are the session', async () => {
    const answer = await assume(brokerKeys, { ExternalId: 'id-of-hub', SourceIdentity: 'alice', DurationSeconds: 900 });
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice');
    expect(answer.SourceIdentity).toBe('alice');
    expect(answer.Credentials?.Expiration).toEqual(new Date('2026-11-22T10:15:00.000Z'));
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const who = await stack.stsClient(keysOf(answer)).send(new GetCallerIdentityCommand({}));
    expect(who.Arn).toBe('arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice');
    expect(who.Account).toBe('222222222222');
    expect(who.UserId).toBe(answer.AssumedRoleUser?.AssumedRoleId);
  });

  it('refuses a missing and a wrong external id alike', async () => {
    const refusal = {
      name: 'AccessDenied',
      message: `User: arn:aws:sts::111111111111:assumed-role/broker/mint is not authorized to perform: sts:AssumeRole on resource: ${orders}`,
      $metadata: { httpStatusCode: 403 },
    };
    await expect(assume(brokerKeys)).rejects.toMatchObject(refusal);
    await expect(assume(brokerKeys, { ExternalId: 'another' })).rejects.toMatchObject(refusal);
  });

  it('refuses a role that does not exist in the same words as one that may not be assumed', async () => {
    const absent = 'arn:aws:iam::222222222222:role/absent';
    await expect(assume(brokerKeys, { RoleArn: absent })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::111111111111:assumed-role/broker/mint is not authorized to perform: sts:AssumeRole on resource: ${absent}`,
    });
  });

  it('refuses role chaining beyond one hour in the words of AWS', async () => {
    await expect(assume(brokerKeys, { ExternalId: 'id-of-hub', DurationSeconds: 3601 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    });
  });

  it('lets a user take a role up to the role’s own limit and no longer', async () => {
    const admin = stack.userKeys('222222222222', 'production-admin');
    const locked = 'arn:aws:iam::222222222222:role/locked';
    const answer = await assume(admin, { RoleArn: locked, DurationSeconds: 7200 });
    expect(answer.Credentials?.Expiration).toEqual(new Date('2026-11-22T12:00:00.000Z'));
    await expect(assume(admin, { RoleArn: locked, DurationSeconds: 7201 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    });
  });

  it('names every member that breaks a limit', async () => {
    await expect(assume(brokerKeys, { RoleSessionName: 'a b', DurationSeconds: 899 })).rejects.toMatchObject({
      name: 'ValidationError',
      message:
        "2 validation errors detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*; Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    });
  });

  it('refuses session tags that differ only in case', async () => {
    const tags = [
      { Key: 'Team', Value: 'a' },
      { Key: 'team', Value: 'b' },
    ];
    await expect(assume(brokerKeys, { ExternalId: 'id-of-hub', Tags: tags })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    });
  });

  it('refuses a session policy that is not one, and one that does not fit', async () => {
    await expect(assume(brokerKeys, { ExternalId: 'id-of-hub', Policy: '{"Statement":[{}]}' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    await expect(assume(brokerKeys, { ExternalId: 'id-of-hub', Policy: ' '.repeat(2049) })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('refuses parameters that it does not serve by their names', async () => {
    const PolicyArns = [{ arn: 'arn:aws:iam::222222222222:policy/x' }];
    await expect(assume(brokerKeys, { ExternalId: 'id-of-hub', PolicyArns })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The embedded STS does not serve the parameter PolicyArns of AssumeRole. Leave it out.',
    });
  });
});

describe('tags and the source identity', () => {
  const labelled = { RoleArn: 'arn:aws:iam::222222222222:role/labelled', ExternalId: 'id-of-hub' };
  const trusting = (...statements: object[]) =>
    stack.iam.replaceRole({
      accountId: '222222222222',
      roleName: 'labelled',
      trust: {
        Version: '2012-10-17',
        Statement: statements.map((one) => ({ Effect: 'Allow', Principal: { AWS: broker }, ...one })),
      },
      policies: {},
    });
  const Tags = [{ Key: 'daypass:grant', Value: '01A' }];
  const withId = { StringEquals: { 'sts:ExternalId': 'id-of-hub' } };

  it('need permissions of their own in the trust policy', async () => {
    trusting({ Action: 'sts:AssumeRole' });
    await expect(assume(brokerKeys, labelled)).resolves.toBeDefined();
    await expect(assume(brokerKeys, { ...labelled, Tags })).rejects.toThrow(
      `is not authorized to perform: sts:TagSession on resource: ${labelled.RoleArn}`,
    );
    await expect(assume(brokerKeys, { ...labelled, SourceIdentity: 'alice' })).rejects.toThrow(
      `is not authorized to perform: sts:SetSourceIdentity on resource: ${labelled.RoleArn}`,
    );
  });

  it('know no external id: it is a key of AssumeRole only', async () => {
    trusting({ Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: withId });
    await expect(assume(brokerKeys, labelled)).resolves.toBeDefined();
    await expect(assume(brokerKeys, { ...labelled, Tags })).rejects.toThrow(
      'is not authorized to perform: sts:TagSession',
    );
  });

  it('can be demanded by the trust policy, transitive keys too', async () => {
    trusting(
      {
        Action: 'sts:AssumeRole',
        Condition: { StringLike: { 'sts:SourceIdentity': '?*', 'aws:RequestTag/daypass:grant': '?*' } },
      },
      {
        Action: 'sts:TagSession',
        Condition: { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'daypass:grant' } },
      },
      { Action: 'sts:SetSourceIdentity' },
    );
    const whole = { ...labelled, SourceIdentity: 'alice', Tags, TransitiveTagKeys: ['daypass:grant'] };
    await expect(assume(brokerKeys, whole)).resolves.toBeDefined();
    const { SourceIdentity: _, ...anonymous } = whole;
    await expect(assume(brokerKeys, anonymous)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume(brokerKeys, { ...whole, TransitiveTagKeys: [] })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(assume(brokerKeys, { ...whole, Tags: [], TransitiveTagKeys: [] })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('trust in the account itself', () => {
  const trusting = async (principal: object, name = 'own'): Promise<string> => {
    stack.iam.replaceRole({ accountId: '222222222222', roleName: name, trust: trust(principal), policies: {} });
    return `arn:aws:iam::222222222222:role/${name}`;
  };

  it('is enough when it names the user', async () => {
    const RoleArn = await trusting({ AWS: 'arn:aws:iam::222222222222:user/nobody' });
    const answer = await assume(stack.userKeys('222222222222', 'nobody'), { RoleArn });
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::222222222222:assumed-role/own/alice');
  });

  it('leaves it to the user’s own policies when it names the account', async () => {
    const RoleArn = await trusting({ AWS: 'arn:aws:iam::222222222222:root' });
    await expect(assume(stack.userKeys('222222222222', 'nobody'), { RoleArn })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::222222222222:user/nobody is not authorized to perform: sts:AssumeRole on resource: ${RoleArn} because no identity-based policy allows the sts:AssumeRole action`,
    });
    await expect(assume(stack.userKeys('222222222222', 'production-admin'), { RoleArn })).resolves.toBeDefined();
  });

  it('never lets another account in that it does not name', async () => {
    const RoleArn = await trusting({ AWS: '222222222222' });
    await expect(assume(stack.userKeys('333333333333', 'partner-admin'), { RoleArn })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
