import { DynamoDBClient, type DynamoDBClientConfig, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
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

const conflicts = (error: unknown): boolean =>
  nameOfError(error) === 'ConditionalCheckFailedException' ||
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
