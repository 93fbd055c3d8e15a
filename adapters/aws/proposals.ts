import { PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type LedgerEntry, lineOf } from '#core/ledger/ledger.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { conflictOrUnavailable, pagesOf, type Table, type TransactItems, unavailable } from './table.ts';

/**
 * Each revocation that waits is an item of its own: thousands at once do not disturb each other, as they would in one
 * item that they all change. Its key is all that it says, so another revocation of the same grant is another item.
 */
const proposalPartition = (roleArn: string): string => `PROPOSED#${roleArn}`;
const proposalKey = (roleArn: string, entry: LedgerEntry): { pk: string; sk: string } => ({
  pk: proposalPartition(roleArn),
  sk: lineOf(entry),
});

/** In one transaction: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const mostInOne = 100;

type Proposals = Pick<LedgerStore, 'propose' | 'isProposed' | 'proposed' | 'settle'> & {
  /** The put that makes a revocation wait, as part of a transaction. */
  proposalOf(roleArn: string, entry: LedgerEntry): NonNullable<TransactItems[number]['Put']>;
  /** What takes a revocation away that waits no more. */
  takenAway(roleArn: string, entry: LedgerEntry): TransactItems[number];
};

/** Revocations that wait for a role's next writer. */
export const createProposals = (table: Table): Proposals => {
  const takenAway = (roleArn: string, entry: LedgerEntry) => ({
    Delete: { TableName: table.name, Key: proposalKey(roleArn, entry) },
  });
  const proposalOf = (roleArn: string, entry: LedgerEntry) => {
    // DynamoDB clears away what nobody has settled, long after it mattered to anybody.
    const ttl = Math.ceil(Date.parse(entry.coversUntil) / 1000) + 86_400;
    return { TableName: table.name, Item: { ...proposalKey(roleArn, entry), entry, ttl } };
  };
  const propose = async (roleArn: string, entry: LedgerEntry): Promise<void> => {
    await table.client
      .send(new PutCommand(proposalOf(roleArn, entry)))
      .catch(conflictOrUnavailable(`The revocations of ${roleArn}`));
  };
  return {
    proposalOf,
    takenAway,
    propose,
    isProposed: async (roleArn, entry) => {
      const { pk, sk } = proposalKey(roleArn, entry);
      const { Count } = await table.client
        .send(
          new QueryCommand({
            TableName: table.name,
            KeyConditionExpression: 'pk = :pk AND sk = :sk',
            ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
            ConsistentRead: true,
            Select: 'COUNT',
          }),
        )
        .catch(unavailable(`The revocations of ${roleArn}`));
      return Count !== 0;
    },
    proposed: async (roleArn) => {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': proposalPartition(roleArn) },
        ConsistentRead: true,
      };
      const entries: LedgerEntry[] = [];
      for await (const page of pagesOf(table, `The revocations of ${roleArn}`, query)) {
        entries.push(...page.map((item) => item.entry as LedgerEntry));
      }
      return entries;
    },
    settle: async (roleArn, entries) => {
      for (let first = 0; first < entries.length; first += mostInOne) {
        const TransactItems = entries.slice(first, first + mostInOne).map((entry) => takenAway(roleArn, entry));
        await table.client
          .send(new TransactWriteCommand({ TransactItems }))
          .catch(conflictOrUnavailable(`The revocations of ${roleArn}`));
      }
    },
  };
};
