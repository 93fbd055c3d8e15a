import { GetRoleCommand } from '@aws-sdk/client-iam';
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

describe('a session policy', () => {
  it('ends a session to the second by a date, long before its credentials do', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-22T10:00:20Z' } },
        },
      ],
    });
    const iam = stack.iamClient(keysOf(await assume(brokerKeys, { ExternalId: 'id-of-hub', Policy })));
    const read = () => iam.send(new GetRoleCommand({ RoleName: 'locked' }));
    await stack.clock.turn(19_999);
    await expect(read()).resolves.toBeDefined();
    await stack.clock.turn(1);
    await expect(read()).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice is not authorized to perform: iam:GetRole on resource: role locked with an explicit deny in a session policy',
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

describe('the stack', () => {
  it('knows its sessions again after a restart, though it keeps no secret of them', async () => {
    const again = await startIdentity(ordersWorld, { db: stack.db });
    const answer = await again.stsClient(brokerKeys).send(new GetCallerIdentityCommand({}));
    expect(answer.Arn).toBe('arn:aws:sts::111111111111:assumed-role/broker/mint');
    await again.close();
  });
});
