import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from './read-item.ts';
import type { Item, Table } from './table.ts';

/*
 * A piece of work that is closed by a write of its own, as a Slack request is by keeping its answer, leaves what can
 * wait until then to that write: both are one call.
 */

/** In one transaction: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const mostInOne = 100;

/** `left`: each key once, as a transaction takes them. */
type Work = { open: Map<string, number>; left: Map<string, ItemKey> };

const works = new WeakMap<Table, Work>();

const workOf = (table: Table): Work => {
  const work = works.get(table) ?? { open: new Map<string, number>(), left: new Map<string, ItemKey>() };
  works.set(table, work);
  return work;
};

/**
 * A write with this name will close what is done from now on, unless its process fails; nobody waits for it after
 * `untilMs`.
 */
export const expectClosing = (table: Table, name: string, untilMs: number): void =>
  void workOf(table).open.set(name, untilMs);

/**
 * Whether these items are deleted by a write that is still to come. It may never come: only what does no harm may be
 * left to it.
 */
export const leaveToClosing = (table: Table, keys: readonly ItemKey[], nowMs: number): boolean => {
  const { open, left } = workOf(table);
  for (const [name, untilMs] of open) if (untilMs <= nowMs) open.delete(name);
  if (open.size === 0) return false;
  for (const key of keys) left.set(JSON.stringify([key.pk, key.sk]), key);
  return true;
};

/**
 * Puts the item, and deletes what was left to that in the same transaction. What cannot be deleted keeps the item from
 * nobody.
 */
export const putAndClose = async (table: Table, name: string, item: Item): Promise<void> => {
  const { client, name: TableName } = table;
  const { open, left } = workOf(table);
  open.delete(name);
  const taken = [...left].slice(0, mostInOne - 1);
  for (const [each] of taken) left.delete(each);
  const put = { TableName, Item: item };
  if (taken.length > 0) {
    const TransactItems = [{ Put: put }, ...taken.map(([, Key]) => ({ Delete: { TableName, Key } }))];
    const isDone = await client.send(new TransactWriteCommand({ TransactItems })).then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
  await client.send(new PutCommand(put));
};
