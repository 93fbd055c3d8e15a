import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createDynamoDb, type EmbeddedDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { engineBinary, startEngine } from '#local/aws/dynamodb/engine.ts';
import type { TableDefinition } from '#local/aws/dynamodb/tables.ts';
import type { AwsCall } from '#local/aws/service.ts';

const call = (accountId: string, action: string, input: Record<string, unknown>): AwsCall => ({
  service: 'dynamodb',
  region: 'us-east-1',
  action,
  input,
  caller: {
    kind: 'user',
    accountId,
    arn: `arn:aws:iam::${accountId}:user/admin`,
    userId: 'AIDAADMIN',
    userName: 'admin',
    accessKeyId: 'AKIAADMIN',
  },
  sourceIp: '127.0.0.1',
  userAgent: 'test',
  requestId: 'r-1',
  atMs: 0,
});
const production = '222222222222';
const orders: TableDefinition = {
  TableName: 'OrdersTable',
  AttributeDefinitions: [{ AttributeName: 'OrderId', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'OrderId', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  TimeToLiveSpecification: { AttributeName: 'expiresAtSec', Enabled: true },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
};
const key = { OrderId: { S: '12345' } };

const dataDir = mkdtempSync(join(tmpdir(), 'daypass-dynamodb-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
let started: EmbeddedDynamoDb[] = [];
afterEach(async () => {
  await Promise.all(started.map((one) => one.stop()));
  started = [];
});
const start = (where: { dataDir: string } | { ephemeral: true } = { ephemeral: true }): EmbeddedDynamoDb => {
  const one = createDynamoDb({ accounts: ['111111111111', production], ...where });
  started.push(one);
  return one;
};

describe('tables', () => {
  it('belong to an account, and another account has none of them', async () => {
    const { service, createTables } = start();
    await createTables(production, [orders]);
    expect(await service.handle(call(production, 'ListTables', {}))).toEqual({ TableNames: ['OrdersTable'] });
    expect(await service.handle(call('111111111111', 'ListTables', {}))).toEqual({ TableNames: [] });
  });

  it('are created once, with TTL, and what they hold stays over a restart', async () => {
    const first = start({ dataDir });
    await first.createTables(production, [orders]);
    await first.seedItem(production, 'OrdersTable', { ...key, Total: { N: '10' } });
    await first.stop();
    const { service, createTables, seedItem } = start({ dataDir });
    await createTables(production, [orders]);
    await seedItem(production, 'OrdersTable', { ...key, Total: { N: '99' } });
    expect(await service.handle(call(production, 'GetItem', { TableName: 'OrdersTable', Key: key }))).toMatchObject({
      Item: { ...key, Total: { N: '10' } },
    });
    expect(await service.handle(call(production, 'DescribeTimeToLive', { TableName: 'OrdersTable' }))).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'expiresAtSec', TimeToLiveStatus: 'ENABLED' },
    });
  });

  it('may be named by an ARN of the own account, and not by one of another', async () => {
    const { service, createTables, seedItem } = start();
    await createTables(production, [orders]);
    await seedItem(production, 'OrdersTable', key);
    const arn = `arn:aws:dynamodb:us-east-1:${production}:table/OrdersTable`;
    expect(await service.handle(call(production, 'GetItem', { TableName: arn, Key: key }))).toMatchObject({
      Item: key,
    });
    expect(
      await service.handle(call(production, 'BatchGetItem', { RequestItems: { [arn]: { Keys: [key] } } })),
    ).toMatchObject({ Responses: { OrdersTable: [key] } });
    await expect(service.handle(call('111111111111', 'GetItem', { TableName: arn, Key: key }))).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('Assume a role in account 222222222222'),
    });
  });
});

describe('errors', () => {
  it('come through with code, message, status and members', async () => {
    const { service, createTables, seedItem } = start();
    await createTables(production, [orders]);
    await seedItem(production, 'OrdersTable', key);
    const put = {
      TableName: 'OrdersTable',
      Item: key,
      ConditionExpression: 'attribute_not_exists(OrderId)',
    };
    await expect(service.handle(call(production, 'PutItem', put))).rejects.toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      httpStatus: 400,
    });
    await expect(
      service.handle(call(production, 'TransactWriteItems', { TransactItems: [{ Put: put }] })),
    ).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      detail: { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] },
    });
    await expect(service.handle(call(production, 'GetItem', { TableName: 'Nothing', Key: key }))).rejects.toMatchObject(
      {
        code: 'ResourceNotFoundException',
      },
    );
  });

  it('name what is not done: operations without a permission check, and accounts that are not there', async () => {
    const { service } = start();
    await expect(service.handle(call(production, 'ExecuteStatement', {}))).rejects.toMatchObject({
      code: 'UnknownOperationException',
    });
    await expect(service.handle(call('999999999999', 'ListTables', {}))).rejects.toThrow('no account 999999999999');
  });

  it('say what to do where there is no engine', async () => {
    const none = createDynamoDb({
      accounts: [production],
      ephemeral: true,
      binary: undefined,
      fallbackEndpoint: undefined,
    });
    await expect(none.start()).rejects.toThrow(/set AWS_ENDPOINT_URL_DYNAMODB/);
  });
});

it('without an engine it uses the given endpoint', async () => {
  const engine = await startEngine(engineBinary() ?? '');
  const other = createDynamoDb({
    accounts: [production],
    ephemeral: true,
    binary: undefined,
    fallbackEndpoint: engine.url,
  });
  await other.createTables(production, [orders]);
  expect(await other.service.handle(call(production, 'ListTables', {}))).toEqual({ TableNames: ['OrdersTable'] });
  await other.stop();
  await engine.stop();
});

it('an engine that died is started again by the next call', async () => {
  const { service, createTables } = start({ dataDir });
  await createTables(production, [orders]);
  const pid = readdirSync('/proc').find((name) => {
    try {
      return (
        readlinkSync(`/proc/${name}/exe`).endsWith('dynoxide') &&
        readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(dataDir)
      );
    } catch {
      return false;
    }
  });
  process.kill(Number(pid), 'SIGKILL');
  await expect
    .poll(() => service.handle(call(production, 'ListTables', {})).catch(String), { timeout: 5_000, interval: 5 })
    .toEqual({ TableNames: ['OrdersTable'] });
});

describe('permissions', () => {
  const table = (name: string) => `arn:aws:dynamodb:us-east-1:${production}:table/${name}`;
  const cases: [action: string, input: Record<string, unknown>, needs: [string, string][]][] = [
    ['GetItem', { TableName: 'A' }, [['dynamodb:GetItem', table('A')]]],
    [
      'GetItem',
      { TableName: 'arn:aws:dynamodb:us-east-1:333333333333:table/A' },
      [['dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:333333333333:table/A']],
    ],
    ['Query', { TableName: 'A', IndexName: 'byOwner' }, [['dynamodb:Query', `${table('A')}/index/byOwner`]]],
    ['Scan', { TableName: 'A' }, [['dynamodb:Scan', table('A')]]],
    ['ListTables', {}, [['dynamodb:ListTables', '*']]],
    [
      'BatchGetItem',
      { RequestItems: { A: {}, B: {} } },
      [
        ['dynamodb:BatchGetItem', table('A')],
        ['dynamodb:BatchGetItem', table('B')],
      ],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'A' } },
          { Update: { TableName: 'A' } },
          { Delete: { TableName: 'B' } },
          { ConditionCheck: { TableName: 'C' } },
        ],
      },
      [
        ['dynamodb:PutItem', table('A')],
        ['dynamodb:UpdateItem', table('A')],
        ['dynamodb:DeleteItem', table('B')],
        ['dynamodb:ConditionCheckItem', table('C')],
      ],
    ],
    ['TransactGetItems', { TransactItems: [{ Get: { TableName: 'A' } }] }, [['dynamodb:GetItem', table('A')]]],
  ];
  it.each(cases)('of %s %j', (action, input, expected) => {
    const { service } = createDynamoDb({ accounts: [production], ephemeral: true });
    expect(service.needs(call(production, action, input)).map((need) => [need.action, need.resource])).toEqual(
      expected,
    );
  });
});
