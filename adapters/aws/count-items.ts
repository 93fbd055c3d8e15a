import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DaypassError } from '#core/errors.ts';
import { msOf } from '#core/instant.ts';
import type { Count } from '#core/limits.ts';
import { isBeaten, type Table, type TransactItems, unavailable } from './table.ts';

/** A window's item goes once the window is over; which window it is says its key. */
const keptForSec = 24 * 3600;

const keyOf = ({ limit, who, window }: Pick<Count, 'limit' | 'who' | 'window'>): { pk: string; sk: string } => ({
  pk: `LIMIT#${limit}#${who}`,
  sk: window,
});

/**
 * The last parts of a save's transaction: each counts one more, on condition that there may be one more. No call of its
 * own, and nothing is read.
 */
export const countItems = (table: Table, counts: readonly Count[]): TransactItems =>
  counts.map(({ most, endsAt, ...count }) => ({
    Update: {
      TableName: table.name,
      Key: keyOf(count),
      UpdateExpression: 'ADD #count :one SET #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(#count) OR #count < :most',
      ExpressionAttributeNames: { '#count': 'count', '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':one': 1, ':most': most, ':ttl': Math.floor(msOf(endsAt) / 1000) + keptForSec },
    },
  }));

/** See `RequestStore.recount`. */
export const recount = async (table: Table, count: Count, to: number): Promise<void> => {
  await table.client
    .send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(count),
        UpdateExpression: 'SET #count = :to',
        ConditionExpression: '#count >= :most',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':to': to, ':most': count.most },
      }),
    )
    .catch((error: unknown) => (isBeaten(error) ? undefined : unavailable('A limit')(error)));
};

/**
 * A `catch` before those for conditional writes: `LimitReached`, caused by its count, where nothing else was in the way
 * of a transaction that ends with these.
 */
export const limitReachedOr =
  (counts: readonly Count[], otherwise: (error: unknown) => never) =>
  (error: unknown): never => {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const failed = reasons.flatMap(({ Code }, index) =>
      Code === undefined || Code === 'None' ? [] : [{ Code, index }],
    );
    const [first] = failed;
    const count = first && counts[first.index - (reasons.length - counts.length)];
    const isLimit = failed.length > 0 && failed.every(({ Code }) => Code === 'ConditionalCheckFailed');
    if (!count || !isLimit) return otherwise(error);
    throw new DaypassError('LimitReached', 'There were as many as there may be.', { cause: count });
  };
