import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from '#local/aws/events/rules.ts';
import { startWire, type Wire } from '#test/local/aws/events/wire-stack.ts';

const target = (functionName: string) => ({
  id: functionName,
  functionName,
  retry: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3_600 },
});
const rules: Rule[] = [
  ...['111111111111', '222222222222'].map(
    (accountId): Rule => ({
      accountId,
      name: 'assumptions',
      pattern: {
        source: ['aws.sts'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: ['AssumeRole'], requestParameters: { roleArn: [{ wildcard: '*:role/daypass-jit-*' }] } },
      },
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      targets: [target('detect')],
    }),
  ),
  {
    accountId: '111111111111',
    name: 'grants',
    eventBusName: 'daypass',
    pattern: { 'detail-type': [{ prefix: 'grant.' }], detail: { grantId: [{ exists: true }] } },
    state: 'ENABLED',
    targets: [target('notify')],
  },
];
const entry = {
  Source: 'daypass',
  DetailType: 'grant.activated',
  Detail: '{"grantId":"g-1"}',
  EventBusName: 'daypass',
};

let wire: Wire;
const clients: { destroy(): void }[] = [];
const kept = <T extends { destroy(): void }>(client: T): T => {
  clients.push(client);
  return client;
};
const as = (accountId: string, name: string): EventBridgeClient =>
  kept(new EventBridgeClient(wire.settings(wire.userKeys(accountId, name))));

beforeAll(async () => {
  wire = await startWire({ rules });
});
beforeEach(async () => {
  await wire.bus.idle();
  wire.delivered.length = 0;
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await wire.close();
  expect(wire.faults).toEqual([]);
});

describe('PutEvents over the wire', () => {
  it('is answered per entry and reaches the target with the time it was given', async () => {
    const answer = await as('111111111111', 'hub-admin').send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Time: new Date('2026-11-22T09:00:00Z'), Resources: ['arn:aws:iam::222222222222:role/x'] },
          { ...entry, Detail: 'no json' },
          { ...entry, Source: 'aws.sts' },
        ],
      }),
    );
    await wire.bus.idle();
    expect(answer.FailedEntryCount).toBe(2);
    expect(answer.Entries?.map((one) => one.ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
    ]);
    expect(wire.delivered).toMatchObject([
      {
        functionName: 'notify',
        event: {
          id: answer.Entries?.[0]?.EventId,
          account: '111111111111',
          time: '2026-11-22T09:00:00Z',
          resources: ['arn:aws:iam::222222222222:role/x'],
          detail: { grantId: 'g-1' },
        },
      },
    ]);
  });

  it('takes ten entries and not eleven', async () => {
    const client = as('111111111111', 'hub-admin');
    const entries = (count: number) => ({ Entries: Array.from({ length: count }, () => entry) });
    await client.send(new PutEventsCommand(entries(10)));
    await wire.bus.idle();
    expect(wire.delivered).toHaveLength(10);
    await expect(client.send(new PutEventsCommand(entries(11)))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('needs the permission for the bus and the source', async () => {
    const reader = as('222222222222', 'reader');
    const put = (over: object) => reader.send(new PutEventsCommand({ Entries: [{ ...entry, ...over }] }));
    expect(await put({ Source: 'orders' })).toMatchObject({ FailedEntryCount: 0 });
    await expect(put({ Source: 'daypass' })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(put({ Source: 'orders', EventBusName: 'default' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('says which operations are not served', async () => {
    await expect(as('111111111111', 'hub-admin').send(new ListRulesCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('ListRules'),
    });
  });
});

it('a role assumed from another account reaches the rule once per account, by one shared id', async () => {
  const sts = kept(new STSClient(wire.settings(wire.userKeys('111111111111', 'hub-admin'))));
  const RoleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'alice' }));
  await wire.bus.idle();
  expect(wire.delivered.map(({ functionName, event }) => [functionName, event.account]).sort()).toEqual([
    ['detect', '111111111111'],
    ['detect', '222222222222'],
  ]);
  expect(new Set(wire.delivered.map(({ event }) => event.detail.sharedEventID)).size).toBe(1);
  const said = JSON.stringify(wire.delivered);
  expect(said).toContain(Credentials?.AccessKeyId);
  expect(said).not.toContain(Credentials?.SecretAccessKey);
  expect(said).not.toContain(Credentials?.SessionToken);
});
