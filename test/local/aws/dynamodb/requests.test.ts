import { describe, expect, it } from 'vitest';
import { needsOf, type PartitionKeys } from '#local/aws/dynamodb/requests.ts';
import type { AwsCall } from '#local/aws/service.ts';

const table = 'arn:aws:dynamodb:us-east-1:111111111111:table/daypass';
const keys: PartitionKeys = (accountId, name) =>
  accountId === '111111111111' && name === 'daypass' ? 'pk' : undefined;

const call = (action: string, input: Record<string, unknown>): AwsCall => ({
  service: 'dynamodb',
  region: 'us-east-1',
  action,
  input,
  caller: {
    kind: 'user',
    accountId: '111111111111',
    arn: 'arn:aws:iam::111111111111:user/hub-admin',
    userId: 'AIDAEXAMPLE',
    userName: 'hub-admin',
    accessKeyId: 'AKIAEXAMPLE',
  },
  sourceIp: '127.0.0.1',
  userAgent: 'test',
  requestId: 'r',
  atMs: 0,
});
const about = (key: string) => ({ context: { 'dynamodb:LeadingKeys': [key] } });
const Key = { pk: { S: 'LEDGER' }, sk: { S: 'x' } };
const TableName = 'daypass';

describe('what DynamoDB asks IAM', () => {
  it.each(['GetItem', 'UpdateItem', 'DeleteItem'])('%s is about the partition key of its item', (action) => {
    expect(needsOf(call(action, { TableName, Key }), keys)).toEqual([
      { action: `dynamodb:${action}`, resource: table, ...about('LEDGER') },
    ]);
  });

  it('PutItem is about the partition key in the item, a number too', () => {
    const Item = { pk: { N: '7' }, other: { S: 'x' } };
    expect(needsOf(call('PutItem', { TableName, Item }), keys)).toEqual([
      { action: 'dynamodb:PutItem', resource: table, ...about('7') },
    ]);
  });

  it('a transaction asks for the permission of each of its parts, each about its own item', () => {
    const TransactItems = [
      { Put: { TableName, Item: { pk: { S: 'REQUEST#1' } } } },
      { Delete: { TableName, Key } },
      { ConditionCheck: { TableName, Key } },
    ];
    expect(needsOf(call('TransactWriteItems', { TransactItems }), keys)).toEqual([
      { action: 'dynamodb:PutItem', resource: table, ...about('REQUEST#1') },
      { action: 'dynamodb:DeleteItem', resource: table, ...about('LEDGER') },
      { action: 'dynamodb:ConditionCheckItem', resource: table, ...about('LEDGER') },
    ]);
  });

  it.each([
    ['pk = :it', {}],
    ['#key = :it AND begins_with(sk, :other)', { '#key': 'pk' }],
    ['sk = :other AND pk = :it', {}],
  ])('a query is about the partition key that it compares: %s', (KeyConditionExpression, ExpressionAttributeNames) => {
    const ExpressionAttributeValues = { ':it': { S: 'OUTBOX' }, ':other': { S: 'no' } };
    const query = { TableName, KeyConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues };
    expect(needsOf(call('Query', query), keys)).toEqual([
      { action: 'dynamodb:Query', resource: table, ...about('OUTBOX') },
    ]);
  });

  it('names no key for an index or for a table that is not known', () => {
    const query = {
      KeyConditionExpression: 'pk = :it',
      ExpressionAttributeValues: { ':it': { S: 'OUTBOX' } },
    };
    expect(needsOf(call('Query', { ...query, TableName, IndexName: 'byStatus' }), keys)).toEqual([
      { action: 'dynamodb:Query', resource: `${table}/index/byStatus` },
    ]);
    expect(needsOf(call('GetItem', { TableName: 'OrdersTable', Key }), keys)).toEqual([
      { action: 'dynamodb:GetItem', resource: table.replace('daypass', 'OrdersTable') },
    ]);
  });
});
