import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type ChainedRole, isOpen } from '#core/chain/chained-role.ts';
import type { ChainStore } from '#ports/chain-store.ts';
import { outboxItems } from './outbox.ts';
import { conflictOrUnavailable, type Item, pagesOf, storedVersion, type Table } from './table.ts';

const partitionOf = (grantId: string): string => `CHAIN#${grantId}`;

const stillOpen = 'CHAIN#open';

/** Kept for so long after the last session has expired; the request's audit keeps the roles for good. */
const keptSec = 30 * 86_400;

const itemOf = (role: ChainedRole): Item => ({
  pk: partitionOf(role.grantId),
  sk: role.roleArn,
  version: role.version,
  sortKey: role.firstAt,
  // Only what is open stands in the index that the sweeper reads.
  ...(isOpen(role) && { liveStatus: stillOpen }),
  ttl: Math.ceil(Date.parse(role.expiresBy) / 1000) + keptSec,
  role,
});

const read = async (pages: AsyncIterable<Item[]>): Promise<ChainedRole[]> => {
  const found: ChainedRole[] = [];
  for await (const page of pages) found.push(...page.map((item) => item.role as ChainedRole));
  return found;
};

/** One item for each grant and role, in a partition for each grant. */
export const createChainStore = (table: Table): ChainStore => ({
  ofGrant: (grantId) =>
    read(
      pagesOf(table, `The chain of grant ${grantId}`, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partitionOf(grantId) },
        ConsistentRead: true,
      }),
    ),
  save: async ({ role, events }) => {
    const Put = { TableName: table.name, Item: itemOf(role), ...storedVersion(role.version - 1) };
    await table.client
      .send(new TransactWriteCommand({ TransactItems: [{ Put }, ...outboxItems(table, events)] }))
      .catch(conflictOrUnavailable(`The chain of grant ${role.grantId}`));
  },
  open: () =>
    read(
      pagesOf(table, 'The open chains', {
        IndexName: 'byStatus',
        KeyConditionExpression: 'liveStatus = :open',
        ExpressionAttributeValues: { ':open': stillOpen },
      }),
    ),
});
