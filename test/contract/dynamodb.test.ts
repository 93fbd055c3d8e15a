import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWire, type Wire } from '#test/local/aws/events/wire-stack.ts';

let wire: Wire;
const clients: DynamoDBDocumentClient[] = [];
const as = (accountId: string, name: string): DynamoDBDocumentClient => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(wire.settings(wire.userKeys(accountId, name))));
  clients.push(client);
  return client;
};
const admin = (): DynamoDBDocumentClient => as('222222222222', 'production-admin');
const TableName = 'OrdersTable';

beforeAll(async () => {
  wire = await startWire();
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await wire.close();
  expect(wire.faults).toEqual([]);
});

describe('items over the wire', () => {
  it('are read, written, changed and found by an index', async () => {
    const client = admin();
    const item = { OrderId: 'o-1', Owner: 'bob', Amount: 12.5, Tags: new Set(['a']), Blob: new Uint8Array([1, 2]) };
    await client.send(new PutCommand({ TableName, Item: item }));
    const { Item } = await client.send(new GetCommand({ TableName, Key: { OrderId: 'o-1' }, ConsistentRead: true }));
    expect(Item).toEqual(item);
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key: { OrderId: 'o-1' },
        UpdateExpression: 'SET Amount = Amount + :one',
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(Attributes).toEqual({ Amount: 13.5 });
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byOwner',
        KeyConditionExpression: '#owner = :bob',
        ExpressionAttributeNames: { '#owner': 'Owner' },
        ExpressionAttributeValues: { ':bob': 'bob' },
      }),
    );
    expect(Items?.map((one) => one.OrderId)).toEqual(['o-1']);
  });

  it('by an ARN of the own account and in a batch', async () => {
    const arn = 'arn:aws:dynamodb:us-east-1:222222222222:table/OrdersTable';
    const { Item } = await admin().send(new GetCommand({ TableName: arn, Key: { OrderId: '12345' } }));
    expect(Item?.Owner).toBe('alice');
    const { Responses } = await admin().send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [{ OrderId: '12345' }] } } }),
    );
    expect(Responses?.[TableName]).toHaveLength(1);
  });

  it('fail with the vendor’s exceptions: a condition, with the old item', async () => {
    await expect(
      admin().send(
        new PutCommand({
          TableName,
          Item: { OrderId: '12345' },
          ConditionExpression: 'attribute_not_exists(OrderId)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    ).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { OrderId: { S: '12345' }, Owner: { S: 'alice' } },
    });
  });

  it('fail with the vendor’s exceptions: a transaction, with each reason and nothing done', async () => {
    await expect(
      admin().send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: { TableName, Item: { OrderId: 'new' } } },
            { Put: { TableName, Item: { OrderId: '12345' }, ConditionExpression: 'attribute_not_exists(OrderId)' } },
          ],
        }),
      ),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    const { Item } = await admin().send(new GetCommand({ TableName, Key: { OrderId: 'new' } }));
    expect(Item).toBeUndefined();
  });

  it('fail with the vendor’s exceptions: no such table', async () => {
    await expect(admin().send(new GetCommand({ TableName: 'Nothing', Key: { Id: '1' } }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('who may', () => {
  it('is decided per action and table', async () => {
    const reader = as('222222222222', 'reader');
    const { Item } = await reader.send(new GetCommand({ TableName, Key: { OrderId: '12345' } }));
    expect(Item?.Owner).toBe('alice');
    await expect(reader.send(new PutCommand({ TableName, Item: { OrderId: 'x' } }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:222222222222:table/OrdersTable',
      ),
    });
    await expect(reader.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('is decided for each item of a transaction and each table of a batch', async () => {
    const reader = as('222222222222', 'reader');
    const sneaked = { TransactItems: [{ Delete: { TableName, Key: { OrderId: '12345' } } }] };
    await expect(reader.send(new TransactWriteCommand(sneaked))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:DeleteItem'),
    });
    const batch = { RequestItems: { [TableName]: { Keys: [{ OrderId: '12345' }] } } };
    await expect(reader.send(new BatchGetCommand(batch))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('does not reach into another account', async () => {
    const hub = as('111111111111', 'hub-admin');
    await expect(hub.send(new GetCommand({ TableName, Key: { OrderId: '12345' } }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const arn = 'arn:aws:dynamodb:us-east-1:222222222222:table/OrdersTable';
    await expect(hub.send(new GetCommand({ TableName: arn, Key: { OrderId: '12345' } }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
