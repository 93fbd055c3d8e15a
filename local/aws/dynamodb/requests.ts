import { type AwsCall, AwsError, type Need } from '../service.ts';

type Json = Readonly<Record<string, unknown>>;

const onTable: readonly string[] = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'],
  ...['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable', 'UpdateTimeToLive', 'DescribeTimeToLive'],
];
const onItems: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TransactWriteItems: {
    Put: 'PutItem',
    Update: 'UpdateItem',
    Delete: 'DeleteItem',
    ConditionCheck: 'ConditionCheckItem',
  },
  TransactGetItems: { Get: 'GetItem' },
};
const onBatches: readonly string[] = ['BatchGetItem', 'BatchWriteItem'];

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const entriesOf = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);

const arnOf = (call: AwsCall, table: unknown): string => {
  const name = String(table ?? '');
  return name.startsWith('arn:') ? name : `arn:aws:dynamodb:${call.region}:${call.caller.accountId}:table/${name}`;
};

/** The name of a table's partition key; `undefined` for a table that is not known. */
export type PartitionKeys = (accountId: string, tableName: string) => string | undefined;

/** A key's value as IAM compares it: text, whatever its type. */
const keyText = (value: unknown): string | undefined => {
  const [text] = isObject(value) ? Object.values(value) : [];
  return typeof text === 'string' ? text : undefined;
};

/** The value that a query's condition compares the partition key with. */
const queriedKey = (query: Json, keyName: string): string | undefined => {
  const names = isObject(query.ExpressionAttributeNames) ? query.ExpressionAttributeNames : {};
  const values = isObject(query.ExpressionAttributeValues) ? query.ExpressionAttributeValues : {};
  for (const [, name = '', value = ''] of String(query.KeyConditionExpression ?? '').matchAll(
    /([#\w]+)\s*=\s*(:\w+)/g,
  )) {
    if ((names[name] ?? name) === keyName) return keyText(values[value]);
  }
  return undefined;
};

/**
 * `dynamodb:LeadingKeys`: the partition key of the one item, or of the query on a table. On an index the key is left
 * out. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
const leadingKeys = (call: AwsCall, item: Json, partitionKeys: PartitionKeys): Pick<Need, 'context'> => {
  const keyName = partitionKeys(call.caller.accountId, String(item.TableName ?? '').replace(/^arn:.*:table\//, ''));
  if (keyName === undefined || item.IndexName !== undefined) return {};
  const at = isObject(item.Key) ? item.Key : isObject(item.Item) ? item.Item : {};
  const key = item.KeyConditionExpression === undefined ? keyText(at[keyName]) : queriedKey(item, keyName);
  return key === undefined ? {} : { context: { 'dynamodb:LeadingKeys': [key] } };
};

/** What IAM must allow: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const needsOf = (call: AwsCall, partitionKeys: PartitionKeys): Need[] => {
  const { action, input } = call;
  if (action === 'ListTables') return [{ action: 'dynamodb:ListTables', resource: '*' }];
  const operations = onItems[action];
  if (operations) {
    const items = Array.isArray(input.TransactItems) ? input.TransactItems.flatMap(entriesOf) : [];
    return items.map(([operation, item]) => ({
      action: `dynamodb:${operations[operation] ?? operation}`,
      resource: arnOf(call, isObject(item) ? item.TableName : undefined),
      ...leadingKeys(call, isObject(item) ? item : {}, partitionKeys),
    }));
  }
  if (onBatches.includes(action)) {
    return entriesOf(input.RequestItems).map(([table]) => ({
      action: `dynamodb:${action}`,
      resource: arnOf(call, table),
    }));
  }
  if (!onTable.includes(action)) return [];
  const index = typeof input.IndexName === 'string' ? `/index/${input.IndexName}` : '';
  return [
    {
      action: `dynamodb:${action}`,
      resource: `${arnOf(call, input.TableName)}${index}`,
      ...leadingKeys(call, input, partitionKeys),
    },
  ];
};

/** Everything else is refused, since `needsOf` would not know what to ask IAM for. */
export const isForwarded = (action: string): boolean =>
  action === 'ListTables' || Object.hasOwn(onItems, action) || onBatches.includes(action) || onTable.includes(action);

const nameOf = (table: string, accountId: string): string => {
  if (!table.startsWith('arn:')) return table;
  const [, , , , owner, resource = ''] = table.split(':');
  if (owner !== accountId) {
    throw new AwsError(
      'AccessDeniedException',
      `The embedded DynamoDB knows no access across accounts by table ARN (${table} from account ${accountId}). Assume a role in account ${owner} and name the table.`,
    );
  }
  return resource.replace(/^table\//, '');
};

/** The same input with every table by its name: SDKs may give an ARN, which the engine does not take. */
export const byTableName = (input: Json, accountId: string): Json => {
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        if (key === 'TableName' && typeof member === 'string') return [key, nameOf(member, accountId)];
        return [key, named(member)];
      }),
    );
  };
  const { TableName: table, TransactItems: items, RequestItems: requests, ...rest } = input;
  return {
    ...rest,
    ...(table === undefined ? {} : { TableName: typeof table === 'string' ? nameOf(table, accountId) : table }),
    ...(items === undefined ? {} : { TransactItems: named(items) }),
    ...(requests === undefined
      ? {}
      : {
          RequestItems: isObject(requests)
            ? Object.fromEntries(entriesOf(requests).map(([name, value]) => [nameOf(name, accountId), value]))
            : requests,
        }),
  };
};
