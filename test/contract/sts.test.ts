import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  allow,
  type IdentityStack,
  type Keys,
  keysOf,
  smallWorld,
  startIdentity,
  trust,
} from '#test/local/aws/sts/identity-stack.ts';

const broker = 'arn:aws:iam::111111111111:role/broker';
const orders = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const assumeActions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

let stack: IdentityStack;
let brokerKeys: Required<Keys>;

const assume = async (keys: Keys, input: Partial<AssumeRoleCommandInput> = {}) =>
  stack.stsClient(keys).send(new AssumeRoleCommand({ RoleArn: orders, RoleSessionName: 'alice', ...input }));

beforeEach(async () => {
  stack = await startIdentity({
    ...smallWorld,
    roles: [
      ...smallWorld.roles,
      {
        accountId: '222222222222',
        roleName: 'daypass-jit-orders-admin',
        trust: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: broker },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'sts:ExternalId': 'id-of-hub' } },
            },
            { Effect: 'Allow', Principal: { AWS: broker }, Action: ['sts:TagSession', 'sts:SetSourceIdentity'] },
          ],
        },
        policies: { work: allow(['iam:GetRole', 'sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']) },
        tags: { team: 'orders' },
      },
      {
        accountId: '333333333333',
        roleName: 'onward',
        trust: trust({ AWS: orders }, assumeActions),
        policies: { work: allow('iam:GetRole') },
        maxSessionDurationSec: 7200,
      },
      {
        accountId: '222222222222',
        roleName: 'locked',
        trust: trust({ AWS: 'arn:aws:iam::222222222222:user/production-admin' }),
        policies: {},
        maxSessionDurationSec: 7200,
      },
    ],
  });
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

describe('a chain of roles', () => {
  const onward = 'arn:aws:iam::333333333333:role/onward';
  const first = async () =>
    keysOf(
      await assume(brokerKeys, {
        ExternalId: 'id-of-hub',
        SourceIdentity: 'alice',
        Tags: [
          { Key: 'daypass:grant', Value: '01J' },
          { Key: 'note', Value: 'stays behind' },
        ],
        TransitiveTagKeys: ['daypass:grant'],
      }),
    );

  it('passes on transitive tags and the source identity, and nothing else', async () => {
    const answer = await assume(await first(), { RoleArn: onward, RoleSessionName: 'next' });
    expect(answer.SourceIdentity).toBe('alice');
    const found = stack.sts.find(keysOf(answer).accessKeyId);
    expect(found?.caller).toMatchObject({
      session: { tags: { 'daypass:grant': '01J' }, transitiveTagKeys: ['daypass:grant'], sourceIdentity: 'alice' },
    });
  });

  it('keeps the tags of the role below those of the session', async () => {
    const { accessKeyId } = await first();
    expect(stack.sts.find(accessKeyId)?.caller).toMatchObject({
      session: { tags: { team: 'orders', 'daypass:grant': '01J', note: 'stays behind' } },
    });
  });

  it('does not let an inherited tag be set again, in any case', async () => {
    const Tags = [{ Key: 'DAYPASS:GRANT', Value: 'mine' }];
    await expect(assume(await first(), { RoleArn: onward, Tags })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message:
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    });
  });

  it('does not let the source identity change', async () => {
    await expect(assume(await first(), { RoleArn: onward, SourceIdentity: 'bob' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice is not authorized to perform: sts:SetSourceIdentity on resource: ${onward}`,
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

describe('a session', () => {
  const who = (keys: Keys) => stack.stsClient(keys).send(new GetCallerIdentityCommand({}));

  it('is dead at its end by the clock of the stack', async () => {
    const keys = keysOf(await assume(brokerKeys, { ExternalId: 'id-of-hub', DurationSeconds: 900 }));
    await stack.clock.turn(899_999);
    await expect(who(keys)).resolves.toBeDefined();
    await stack.clock.turn(1);
    await expect(who(keys)).rejects.toMatchObject({
      name: 'ExpiredToken',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('cannot be denied GetCallerIdentity', async () => {
    stack.iam.replaceRole({
      accountId: '111111111111',
      roleName: 'broker',
      trust: trust({ AWS: 'arn:aws:iam::111111111111:root' }),
      policies: { nothing: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] } },
    });
    expect((await who(brokerKeys)).Arn).toBe('arn:aws:sts::111111111111:assumed-role/broker/mint');
  });

  it('needs its own token', async () => {
    const other = keysOf(await assume(brokerKeys, { ExternalId: 'id-of-hub' }));
    const { accessKeyId, secretAccessKey } = brokerKeys;
    const refusal = { name: 'InvalidClientTokenId', message: 'The security token included in the request is invalid.' };
    await expect(who({ accessKeyId, secretAccessKey })).rejects.toMatchObject(refusal);
    await expect(who({ ...brokerKeys, sessionToken: other.sessionToken })).rejects.toMatchObject(refusal);
  });

  it('leaves no secret in the database nor in what is recorded of the calls', async () => {
    const { secretAccessKey, sessionToken } = keysOf(await assume(brokerKeys, { ExternalId: 'id-of-hub' }));
    const tables = stack.db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const rows = tables
      .map(({ name }) => JSON.stringify(stack.db.prepare(`SELECT * FROM ${String(name)}`).all()))
      .join();
    const recorded = JSON.stringify(stack.completed);
    for (const secret of [secretAccessKey, sessionToken]) {
      expect(rows).not.toContain(secret);
      expect(recorded).not.toContain(secret);
    }
    expect(recorded).toContain('AssumedRoleUser');
  });
});

describe('an AWS service', () => {
  it('takes a role that trusts it and gets credentials that work', async () => {
    const issued = stack.sts.serviceSession(broker, 'daypass-mint', 'lambda.amazonaws.com');
    const answer = await stack.stsClient(issued).send(new GetCallerIdentityCommand({}));
    expect(answer.Arn).toBe('arn:aws:sts::111111111111:assumed-role/broker/daypass-mint');
    expect(stack.assumed).toMatchObject([
      { service: 'lambda.amazonaws.com', roleArn: broker, accountId: '111111111111', accessKeyId: issued.accessKeyId },
    ]);
    expect(JSON.stringify(stack.assumed)).not.toContain(issued.secretAccessKey);
  });

  it('does not take a role that does not trust it', () => {
    expect(() => stack.sts.serviceSession(orders, 'x', 'lambda.amazonaws.com')).toThrow(
      `lambda.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${orders}. Let the role's trust policy name it.`,
    );
  });
});
