import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isBeaten, type Table, unavailable } from './table.ts';

export type Update = NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Update']>;

/**
 * Does all of these conditional updates or none, in one call. False where a condition does not hold, or somebody else
 * writes one of the items at the same moment. Throws `StoreUnavailable`, naming `what`.
 */
export const updateAll = async ({ client }: Table, updates: readonly Update[], what: string): Promise<boolean> => {
  const [only] = updates;
  if (!only) return true;
  const sent =
    updates.length === 1
      ? client.send(new UpdateCommand(only))
      : client.send(new TransactWriteCommand({ TransactItems: updates.map((Update) => ({ Update })) }));
  return sent.then(
    () => true,
    (error: unknown) =>
      isBeaten(error) || error instanceof TransactionCanceledException ? false : unavailable(what)(error),
  );
};
