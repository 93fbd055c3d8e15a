import { PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isDaypassError } from '#core/errors.ts';
import { conflictOrUnavailable, storedVersion, type Table, unavailable } from './table.ts';

type Key = { pk: string; sk: string };

const pk = 'PENDING#LOGINS';

/**
 * Keeps logins that wait, of callers who cannot be told apart, to `most`: each takes the next place of a ring, and what
 * waited longest makes room. None is refused, so that whoever begins thousands keeps nobody out for longer than it
 * takes to go round.
 */
export const makeRoom = async (
  table: Table,
  most: number,
  ttl: number,
  keys: readonly [login: Key, ...others: Key[]],
): Promise<void> => {
  const { Attributes } = await table.client
    .send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk, sk: 'COUNTER' },
        UpdateExpression: 'ADD #begun :one',
        ExpressionAttributeNames: { '#begun': 'begun' },
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    )
    .catch(unavailable('The logins that wait'));
  const place = Number(Attributes?.begun ?? 0) % most;
  const Item = { pk, sk: `PLACE#${place}`, keys, ttl };
  const taken = await table.client
    .send(new PutCommand({ TableName: table.name, Item, ReturnValues: 'ALL_OLD' }))
    .catch(unavailable('The logins that wait'));
  const [waited, ...others] = (taken.Attributes?.keys ?? []) as Key[];
  if (!waited) return;
  const TransactItems = [
    // The first version is the one that waits: what was answered since stays.
    { Delete: { TableName: table.name, Key: waited, ...storedVersion(1) } },
    ...others.map((Key) => ({ Delete: { TableName: table.name, Key } })),
  ];
  await table.client
    .send(new TransactWriteCommand({ TransactItems }))
    .catch(conflictOrUnavailable('A login that waited'))
    .catch((error: unknown) => {
      if (!isDaypassError(error, 'VersionConflict')) throw error;
    });
};
