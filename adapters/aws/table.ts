import { DynamoDBClient, type DynamoDBClientConfig, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { DaypassError } from '#core/errors.ts';
import { as, nameOfError } from './failures.ts';

/** The one table: who to ask and what it is called. `functions/table.ts` says what it looks like. */
export type Table = { client: DynamoDBDocumentClient; name: string };

export const openTable = (name: string, config: DynamoDBClientConfig): Table => ({
  name,
  client: DynamoDBDocumentClient.from(new DynamoDBClient(config), { marshallOptions: { removeUndefinedValues: true } }),
});

export type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** A `catch` for reads and unconditional writes. */
export const unavailable = (what: string): ((error: unknown) => never) =>
  as('StoreUnavailable', `${what} could not be reached in the database. Try again in a moment.`);

export type Item = Record<string, unknown>;

/**
 * The items of a query page by page: one answer holds 1 MB at most. `what` is said where the table cannot be reached.
 */
export const pagesOf = async function* (
  table: Table,
  what: string,
  query: Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>,
): AsyncGenerator<Item[]> {
  let from: Item | undefined;
  do {
    const page = await table.client
      .send(new QueryCommand({ TableName: table.name, ...query, ...(from && { ExclusiveStartKey: from }) }))
      .catch(unavailable(what));
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
};

/** How DynamoDB answers a write of one item that another write was before, or a transaction is at this moment. */
export const isBeaten = (error: unknown): boolean =>
  ['ConditionalCheckFailedException', 'TransactionConflictException'].includes(nameOfError(error));

const conflicts = (error: unknown): boolean =>
  isBeaten(error) ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
    ));

/** A `catch` for conditional writes: a failed condition is a `VersionConflict`. */
export const conflictOrUnavailable =
  (what: string) =>
  (error: unknown): never => {
    if (!conflicts(error)) return unavailable(what)(error);
    throw new DaypassError('VersionConflict', `${what} was changed by somebody else at the same time.`, {
      cause: error,
    });
  };

/**
 * How DynamoDB answers what it will never store: an item above 400 KB, a text that is none, a number of more than 38
 * digits. docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const isRefused = (error: unknown): boolean =>
  ['ValidationException', 'SerializationException'].includes(nameOfError(error)) ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(({ Code }) => Code === 'ValidationError'));

/** The same for what others wrote, which may be anything: what no later attempt could store is `StoreRefused`. */
export const conflictRefusedOrUnavailable =
  (what: string) =>
  (error: unknown): never =>
    isRefused(error)
      ? as('StoreRefused', `${what} cannot be stored as it is, now or later.`)(error)
      : conflictOrUnavailable(what)(error);

/** The condition that the stored item has this `version`, or is not there for 0. */
export const storedVersion = (
  version: number,
): {
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, number>;
} =>
  version === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': version },
      };
