import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetScopedCredentialsCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWire, type Wire } from '#test/local/aws/events/wire-stack.ts';
import { keysOf } from '#test/local/aws/sts/identity-stack.ts';

const RoleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
let wire: Wire;
let clients: { destroy(): void }[] = [];
const kept = <T extends { destroy(): void }>(client: T): T => {
  clients.push(client);
  return client;
};
const sts = (accountId: string, name: string): STSClient =>
  kept(new STSClient(wire.settings(wire.userKeys(accountId, name))));
const lookUp = (accountId: string, name: string, input: LookupEventsCommandInput = {}) =>
  kept(new CloudTrailClient(wire.settings(wire.userKeys(accountId, name)))).send(new LookupEventsCommand(input));
const by = (AttributeKey: 'EventName' | 'AccessKeyId' | 'Username', AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

beforeEach(async () => {
  wire = await startWire();
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await wire.close();
  expect(wire.faults).toEqual([]);
});

describe('LookupEvents over the wire', () => {
  it('finds who assumed a role, in the account of the role and in the caller’s', async () => {
    const answer = await sts('111111111111', 'hub-admin').send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'alice' }),
    );
    const owners = await lookUp('222222222222', 'production-admin', by('EventName', 'AssumeRole'));
    const callers = await lookUp('111111111111', 'hub-admin', by('Username', 'hub-admin'));
    expect(owners.Events).toHaveLength(1);
    const seen = owners.Events?.[0];
    expect(seen).toMatchObject({ EventName: 'AssumeRole', ReadOnly: 'true', EventSource: 'sts.amazonaws.com' });
    expect(seen?.EventTime).toEqual(new Date('2026-11-22T10:00:00.000Z'));
    expect(JSON.parse(seen?.CloudTrailEvent ?? '')).toMatchObject({
      userIdentity: { type: 'AWSAccount', accountId: '111111111111' },
      responseElements: {
        credentials: { accessKeyId: answer.Credentials?.AccessKeyId, expiration: 'Nov 22, 2026, 11:00:00 AM' },
      },
    });
    expect(JSON.parse(callers.Events?.[0]?.CloudTrailEvent ?? '')).toMatchObject({
      userIdentity: { type: 'IAMUser', userName: 'hub-admin' },
      requestParameters: { roleArn: RoleArn, roleSessionName: 'alice' },
    });
  });

  it('follows a session by its access key', async () => {
    const keys = keysOf(
      await sts('111111111111', 'hub-admin').send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'alice' })),
    );
    await kept(new STSClient(wire.settings(keys))).send(new GetCallerIdentityCommand({}));
    const { Events } = await lookUp('222222222222', 'production-admin', by('AccessKeyId', keys.accessKeyId));
    expect(Events?.map((event) => [event.EventName, event.Username])).toEqual([['GetCallerIdentity', 'alice']]);
  });

  it('finds which further keys a session made of itself, what for, and no secret of them', async () => {
    const keys = keysOf(
      await sts('111111111111', 'hub-admin').send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'alice' })),
    );
    const made = await kept(new STSClient(wire.settings(keys))).send(
      new GetScopedCredentialsCommand({ DurationSeconds: 60, ScopedSessionDescription: 'for the agent' }),
    );
    const { Events = [] } = await lookUp('222222222222', 'production-admin', by('EventName', 'GetScopedCredentials'));
    const [event, ...others] = Events;
    expect(others).toEqual([]);
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      userIdentity: { type: 'AssumedRole', accessKeyId: keys.accessKeyId },
      managementEvent: true,
      requestParameters: { durationSeconds: 60, scopedSessionDescription: 'for the agent' },
      responseElements: {
        credentials: { accessKeyId: made.Credentials?.AccessKeyId, expiration: 'Nov 22, 2026, 10:01:00 AM' },
        sessionInfo: { arn: 'arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice' },
      },
    });
    expect(event?.CloudTrailEvent).not.toContain(made.Credentials?.SecretAccessKey);
    expect(event?.CloudTrailEvent).not.toContain(made.Credentials?.SessionToken);
  });

  it('shows a refused assumption to the caller’s account alone', async () => {
    await expect(
      sts('333333333333', 'partner-admin').send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'trial' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    const partner = await lookUp('333333333333', 'partner-admin', by('EventName', 'AssumeRole'));
    expect(JSON.parse(partner.Events?.[0]?.CloudTrailEvent ?? '')).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining(RoleArn),
      requestParameters: null,
    });
    expect((await lookUp('222222222222', 'production-admin', by('EventName', 'AssumeRole'))).Events).toEqual([]);
  });

  it('leaves reads of items out, which the trail has all the same', async () => {
    const dynamo = kept(new DynamoDBClient(wire.settings(wire.userKeys('222222222222', 'reader'))));
    await dynamo.send(new GetItemCommand({ TableName: 'OrdersTable', Key: { OrderId: { S: '12345' } } }));
    expect((await lookUp('222222222222', 'production-admin', by('EventName', 'GetItem'))).Events).toEqual([]);
    expect(wire.trail.recent(10)).toContainEqual(
      expect.objectContaining({
        eventName: 'GetItem',
        requestParameters: { tableName: 'OrdersTable', key: { OrderId: '12345' } },
        responseElements: null,
      }),
    );
  });

  it('pages, refuses a foreign token, and needs its permission', async () => {
    for (let i = 0; i < 3; i++) await sts('222222222222', 'reader').send(new GetCallerIdentityCommand({}));
    const asked = { ...by('EventName', 'GetCallerIdentity'), MaxResults: 2 };
    const first = await lookUp('222222222222', 'production-admin', asked);
    const second = await lookUp('222222222222', 'production-admin', { ...asked, NextToken: first.NextToken });
    expect([first.Events?.length, second.Events?.length, second.NextToken]).toEqual([2, 1, undefined]);
    await expect(
      lookUp('222222222222', 'production-admin', { ...by('EventName', 'AssumeRole'), NextToken: first.NextToken }),
    ).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
    await expect(lookUp('222222222222', 'reader')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
