import type { AwsCall } from '../service.ts';

/** Calls on the data in a resource. A trail logs them only where it selects them, and LookupEvents never shows them. */
const dataActions: Readonly<Record<string, ReadonlySet<string>>> = {
  dynamodb: new Set([
    ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'],
    ...['TransactGetItems', 'TransactWriteItems', 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'],
  ]),
  events: new Set(['PutEvents']),
};

export const isDataEvent = ({ service, action }: AwsCall): boolean => dataActions[service]?.has(action) === true;

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listIn = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A key's plain values: `{"OrderId": {"S": "12345"}}` is recorded as `{"OrderId": "12345"}`. */
const plainKey = (key: unknown): Json | undefined => {
  if (!isObject(key)) return undefined;
  return Object.fromEntries(
    Object.entries(key).map(([name, value]) => [name, isObject(value) ? Object.values(value)[0] : value]),
  );
};

/** A table and, where the request has one, the key; nothing of an item's content and no expression's values. */
const itemOf = (request: Json, operation?: string): Json => {
  const key = plainKey(request.Key);
  return {
    ...(operation === undefined ? {} : { operation }),
    tableName: request.TableName,
    ...(request.IndexName === undefined ? {} : { indexName: request.IndexName }),
    ...(key ? { key } : {}),
  };
};

/** `BatchGetItem` lists keys and `BatchWriteItem` requests, both by table. */
const batchItems = (requestItems: unknown): Json[] =>
  Object.entries(isObject(requestItems) ? requestItems : {}).flatMap(([table, request]) => {
    const keys = isObject(request) ? listIn(request.Keys) : [];
    const writes = listIn(request).flatMap((write) => Object.entries(write));
    return [
      ...keys.map((key) => itemOf({ TableName: table, Key: key })),
      ...writes.map(([operation, write]) =>
        itemOf(
          { TableName: table, ...(isObject(write) && isObject(write.Key) ? { Key: write.Key } : {}) },
          operation.replace('Request', ''),
        ),
      ),
    ];
  });

const transactItems = (items: unknown): Json[] =>
  listIn(items).flatMap((item) =>
    Object.entries(item).map(([operation, request]) => itemOf(isObject(request) ? request : {}, operation)),
  );

/** The request parameters of a data event: which data were touched, never the data. */
export const dataEventParameters = ({ service, input }: AwsCall): Json | null => {
  if (service === 'events') {
    const entries = listIn(input.Entries).map((entry) => ({
      source: entry.Source,
      detailType: entry.DetailType,
      eventBusName: entry.EventBusName ?? 'default',
    }));
    return { entries };
  }
  if (input.TransactItems !== undefined) return { requestItems: transactItems(input.TransactItems) };
  if (input.RequestItems !== undefined) return { requestItems: batchItems(input.RequestItems) };
  return input.TableName === undefined ? null : itemOf(input);
};

/** The tables that a data event touches, each once. */
export const tablesOf = ({ input }: AwsCall): string[] => {
  const inTransaction = transactItems(input.TransactItems).map((item) => item.tableName);
  const inBatch = isObject(input.RequestItems) ? Object.keys(input.RequestItems) : [];
  const names = [input.TableName, ...inTransaction, ...inBatch].filter((name) => typeof name === 'string');
  return [...new Set(names)];
};
