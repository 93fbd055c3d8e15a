import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactGetCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, type Table, unavailable } from './table.ts';

export type ItemKey = Readonly<{ pk: string; sk: string }>;

type Waiting = { key: ItemKey; answers: { resolve(item: Item | undefined): void; reject(error: unknown): void }[] };

/** In one transaction: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
const mostInOne = 100;

const waitingOn = new WeakMap<Table, Map<string, Waiting>>();

const readAlone = async ({ client, name }: Table, { key, answers }: Waiting): Promise<void> => {
  try {
    const { Item } = await client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true }));
    for (const { resolve } of answers) resolve(Item);
  } catch (error) {
    for (const { reject } of answers) reject(error);
  }
};

/**
 * A write to one of them at the same moment cancels the transaction; read one by one, none of them has to wait for it.
 */
const readTogether = async (table: Table, together: readonly Waiting[]): Promise<void> => {
  const TransactItems = together.map(({ key }) => ({ Get: { TableName: table.name, Key: key } }));
  try {
    const { Responses = [] } = await table.client.send(new TransactGetCommand({ TransactItems }));
    for (const [index, { answers }] of together.entries()) {
      for (const { resolve } of answers) resolve(Responses[index]?.Item);
    }
  } catch (error) {
    if (error instanceof TransactionCanceledException) {
      await Promise.all(together.map((waiting) => readAlone(table, waiting)));
      return;
    }
    for (const { reject } of together.flatMap(({ answers }) => answers)) reject(error);
  }
};

const readAll = async (table: Table): Promise<void> => {
  const waiting = [...(waitingOn.get(table)?.values() ?? [])];
  waitingOn.delete(table);
  const [only] = waiting;
  if (only && waiting.length === 1) return readAlone(table, only);
  for (let first = 0; first < waiting.length; first += mostInOne) {
    await readTogether(table, waiting.slice(first, first + mostInOne));
  }
};

/**
 * The item with this key as it is now. What is asked for in the same tick is one call: a transaction, because that asks
 * for the permission to get each of the items and for no other. Throws `StoreUnavailable`, naming `what`.
 */
export const readItem = (table: Table, key: ItemKey, what: string): Promise<Item | undefined> => {
  const waiting = waitingOn.get(table) ?? new Map<string, Waiting>();
  if (waiting.size === 0) {
    waitingOn.set(table, waiting);
    setImmediate(() => void readAll(table));
  }
  const name = JSON.stringify([key.pk, key.sk]);
  const mine = waiting.get(name) ?? { key, answers: [] };
  waiting.set(name, mine);
  return new Promise<Item | undefined>((resolve, reject) => mine.answers.push({ resolve, reject })).catch(
    unavailable(what),
  );
};
