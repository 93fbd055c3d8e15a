import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAlertStore } from '#adapters/aws/alert-store.ts';
import { openTable, type Table } from '#adapters/aws/table.ts';
import { answered, closed } from '#core/alert/answer.ts';
import { raised } from '#core/alert/fold.ts';
import type { Finding } from '#core/detection/finding.ts';
import { table as definition } from '#functions/table.ts';
import { type Engine, engineBinary, startEngine } from '#local/aws/dynamodb/engine.ts';

const at = '2026-11-22T10:00:00.000Z';
const finding: Finding = {
  detection: 'assumed-without-grant',
  severity: 'critical',
  dedupKey: 'k',
  summary: 'Something.',
  at,
  eventId: 'e1',
  accountId: '222222222222',
  roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
  session: { userId: 'AROA:x', expiresBy: at },
  facts: { Why: 'the session carries no grant' },
};

let engine: Engine;
let table: Table;

beforeAll(async () => {
  const binary = engineBinary();
  if (!binary) throw new Error('This test needs the embedded DynamoDB.');
  engine = await startEngine(binary, undefined);
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'x' };
  table = openTable('daypass', { endpoint: engine.url, region: 'us-east-1', credentials });
  const { TimeToLiveSpecification: _, ...input } = definition;
  await table.client.send(
    new CreateTableCommand({
      TableName: table.name,
      ...input,
      AttributeDefinitions: [...input.AttributeDefinitions],
      KeySchema: [...input.KeySchema],
      GlobalSecondaryIndexes: input.GlobalSecondaryIndexes.map((index) => ({
        ...index,
        KeySchema: [...index.KeySchema],
      })),
    }),
  );
});

afterAll(async () => {
  table.client.destroy();
  await engine.stop();
});

const outbox = async (): Promise<string[]> => {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'OUTBOX' },
    }),
  );
  return Items.map((item) => String(item.sk));
};

test('an alert comes back as it was saved, with its events in the outbox, and stays open until it is closed', async () => {
  const store = createAlertStore(table);
  const first = raised('alert-1', finding, at);
  expect(await store.get('alert-1')).toBeUndefined();
  await store.save(first);
  expect(await store.get('alert-1')).toEqual(first.alert);
  expect(await outbox()).toEqual(['alert-1.1']);
  expect(await store.open()).toEqual([first.alert]);

  const second = answered(first.alert, { action: 'revoke', at, by: 'bob' });
  await store.save(second);
  expect(await store.open()).toEqual([second.alert]);

  await store.save(closed(second.alert, 'Done.', at));
  expect(await store.open()).toEqual([]);
  expect(await outbox()).toEqual(['alert-1.1', 'alert-1.2', 'alert-1.3']);
});

test('of two writers of one version, one is told, and leaves nothing behind', async () => {
  const store = createAlertStore(table);
  const first = raised('alert-2', finding, at);
  const outcomes = await Promise.allSettled([store.save(first), store.save(first)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { name: 'VersionConflict' } });
  const skipped = { ...first.alert, version: 3 };
  await expect(store.save({ alert: skipped, events: [] })).rejects.toMatchObject({ name: 'VersionConflict' });
  expect((await store.get('alert-2'))?.version).toBe(1);
});
