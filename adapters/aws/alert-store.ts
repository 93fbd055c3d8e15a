import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '#core/alert/alert.ts';
import { sha256 } from '#core/sha256.ts';
import type { AlertStore } from '#ports/alert-store.ts';
import { nameOfError } from './failures.ts';
import { outboxItems } from './outbox.ts';
import { readItem } from './read-item.ts';
import { conflictRefusedOrUnavailable, pagesOf, storedVersion, type Table, unavailable } from './table.ts';

const keyOf = (id: string): { pk: string; sk: string } => ({ pk: `ALERT#${id}`, sk: 'STATE' });

const notClosed = 'ALERT#open';

/** An event that is delivered again comes within a day. */
const groupKeptSec = 2 * 86_400;

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
  admit: async (alertId, { id, most }, nowMs) => {
    const added = new UpdateCommand({
      TableName: table.name,
      Key: { pk: `ALERT#alike-${sha256(id)}`, sk: 'ALIKE' },
      UpdateExpression: 'ADD members :one SET #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(members) OR contains(members, :id) OR size(members) < :most',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':one': new Set([alertId]),
        ':id': alertId,
        ':most': most,
        ':ttl': Math.ceil(nowMs / 1000) + groupKeptSec,
      },
    });
    try {
      await table.client.send(added);
      return true;
    } catch (error) {
      if (nameOfError(error) === 'ConditionalCheckFailedException') return false;
      return unavailable('What was raised before')(error);
    }
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
