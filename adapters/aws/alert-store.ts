import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '#core/alert/alert.ts';
import type { AlertStore } from '#ports/alert-store.ts';
import { outboxItems } from './outbox.ts';
import { readItem } from './read-item.ts';
import { conflictRefusedOrUnavailable, pagesOf, storedVersion, type Table } from './table.ts';

const keyOf = (id: string): { pk: string; sk: string } => ({ pk: `ALERT#${id}`, sk: 'STATE' });

const notClosed = 'ALERT#open';

const stateItem = (alert: Alert): Record<string, unknown> => ({
  ...keyOf(alert.id),
  version: alert.version,
  sortKey: alert.raisedAt,
  // Only alerts that are not closed stand in the index that the sweeper reads.
  ...(alert.status !== 'closed' && { liveStatus: notClosed }),
  state: alert,
});

/** Alerts on the one table: the state and the events it causes in one transaction. */
export const createAlertStore = (table: Table): AlertStore => ({
  get: async (id) => {
    const Item = await readItem(table, keyOf(id), `Alert ${id}`);
    return Item?.state as Alert | undefined;
  },
  save: async ({ alert, events }) => {
    const Put = { TableName: table.name, Item: stateItem(alert), ...storedVersion(alert.version - 1) };
    await table.client
      .send(new TransactWriteCommand({ TransactItems: [{ Put }, ...outboxItems(table, events)] }))
      .catch(conflictRefusedOrUnavailable(`Alert ${alert.id}`));
  },
  open: async () => {
    const found: Alert[] = [];
    const pages = pagesOf(table, 'The open alerts', {
      IndexName: 'byStatus',
      KeyConditionExpression: 'liveStatus = :live',
      ExpressionAttributeValues: { ':live': notClosed },
    });
    for await (const items of pages) found.push(...items.map((item) => item.state as Alert));
    return found;
  },
});
