import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DaypassError } from '#core/errors.ts';
import { emptyLedger, type Ledger, lineOf } from '#core/ledger/ledger.ts';
import { readEarlier } from '#core/ledger/stored.ts';
import type { Clock } from '#ports/clock.ts';
import type { AppliedDocument, LedgerStore } from '#ports/ledger-store.ts';
import { nameOfError } from './failures.ts';
import { createProposals, mostInOne } from './proposals.ts';
import { readItem } from './read-item.ts';
import { conflictOrUnavailable, pagesOf, storedVersion, type Table, type TransactItems, unavailable } from './table.ts';

/** All ledgers stand in one partition, so that one query lists them. There is one per role. */
const partition = 'LEDGER';

const ledgerKey = (roleArn: string): { pk: string; sk: string } => ({ pk: partition, sk: roleArn });

/** The lease is an item of its own, so that taking it does not disturb the ledger's version. */
const leaseKey = (roleArn: string): { pk: string; sk: string } => ({ pk: 'LEASE', sk: roleArn });

/** Missing in items of earlier versions, whose times are those of credentials alone. */
const counting = { countsConsole: true };

const ledgerIn = ({ ledger, countsConsole }: Readonly<Record<string, unknown>>): Ledger =>
  countsConsole === true ? (ledger as Ledger) : readEarlier(ledger as Ledger);

const conflict = (roleArn: string, cause: unknown): DaypassError =>
  new DaypassError('VersionConflict', `The ledger of ${roleArn} was changed by somebody else at the same time.`, {
    cause,
  });

const busy = (roleArn: string): DaypassError =>
  new DaypassError('RoleBusy', `Another revocation is being written to ${roleArn}. It is tried again in a moment.`);

const nextVersion = '#ledger.#version = #ledger.#version + :one, #version = #version + :one';
const names = { '#ledger': 'ledger', '#version': 'version' };

const recording = ({ entriesVersion, digest, pace, restored, roleGone }: AppliedDocument) => ({
  UpdateExpression: `SET #ledger.appliedVersion = :applied, #ledger.appliedDigest = :digest, #ledger.roleGone = :gone, ${nextVersion}${
    pace ? ', #ledger.pace = :pace' : ''
  }${restored ? ', #ledger.restored = :restored' : ''}`,
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: {
    ':applied': entriesVersion,
    ':digest': digest,
    ':gone': roleGone,
    ':one': 1,
    ...(pace && { ':pace': pace }),
    ...(restored && { ':restored': restored }),
  },
});

/** How DynamoDB says that somebody else holds the lease, or writes to it at this moment. */
const isTaken: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'TransactionConflictException',
  'TransactionCanceledException',
]);

export const createLedgerStore = (table: Table, clock: Clock): LedgerStore => {
  const { proposalOf, takenAway, ...proposals } = createProposals(table);
  const get = async (roleArn: string): Promise<Ledger> => {
    const Item = await readItem(table, ledgerKey(roleArn), `The ledger of ${roleArn}`);
    return Item ? ledgerIn(Item) : emptyLedger(roleArn);
  };
  return {
    get,
    all: async () => {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partition },
        ConsistentRead: true,
      };
      const ledgers: Ledger[] = [];
      for await (const page of pagesOf(table, 'The ledgers', query)) {
        ledgers.push(...page.map(ledgerIn));
      }
      return ledgers;
    },
    save: async (ledger) => {
      const Item = { ...ledgerKey(ledger.roleArn), version: ledger.version, ledger, ...counting };
      await table.client
        .send(new PutCommand({ TableName: table.name, Item, ...storedVersion(ledger.version - 1) }))
        .catch(conflictOrUnavailable(`The ledger of ${ledger.roleArn}`));
    },
    ...proposals,
    acquire: async (roleArn, forSec, proposing = []) => {
      const nowMs = clock.nowMs();
      const heldBy = randomUUID();
      const Update = {
        TableName: table.name,
        Key: leaseKey(roleArn),
        UpdateExpression: 'SET heldUntilMs = :until, heldBy = :by ADD fence :one',
        ConditionExpression: 'attribute_not_exists(heldUntilMs) OR heldUntilMs <= :now',
        ExpressionAttributeValues: { ':until': nowMs + forSec * 1000, ':by': heldBy, ':one': 1, ':now': nowMs },
      };
      // A transaction takes each item once.
      const each = [...new Map(proposing.map((entry) => [lineOf(entry), entry])).values()];
      const together = each.slice(0, mostInOne - 1);
      const rest = each.slice(mostInOne - 1);
      await Promise.all(rest.map((entry) => proposals.propose(roleArn, entry)));
      const TransactItems = [{ Update }, ...together.map((entry) => ({ Put: proposalOf(roleArn, entry) }))];
      const sent: Promise<unknown> =
        together.length === 0
          ? table.client.send(new UpdateCommand(Update))
          : table.client.send(new TransactWriteCommand({ TransactItems }));
      await sent.catch(async (error: unknown) => {
        const name = nameOfError(error);
        if (!isTaken.has(name ?? '')) return unavailable(`The lease on ${roleArn}`)(error);
        await Promise.all(together.map((entry) => proposals.propose(roleArn, entry)));
        throw busy(roleArn);
      });
      const [lease, ledger] = await Promise.all([
        readItem(table, leaseKey(roleArn), `The lease on ${roleArn}`),
        get(roleArn),
      ]);
      // A transaction does not tell what it has made of an item; who was this slow may not be the writer any more.
      if (lease?.heldBy !== heldBy) throw busy(roleArn);
      return { fence: Number(lease.fence), ledger };
    },
    record: async (roleArn, applied, fence, denied) => {
      const TransactItems: TransactItems = [
        {
          Update: {
            TableName: table.name,
            Key: ledgerKey(roleArn),
            ...recording(applied),
            ConditionExpression: '#ledger.appliedVersion <= :applied',
          },
        },
        {
          Update: {
            TableName: table.name,
            Key: leaseKey(roleArn),
            UpdateExpression: 'REMOVE heldUntilMs',
            ConditionExpression: 'fence = :fence',
            ExpressionAttributeValues: { ':fence': fence },
          },
        },
      ];
      const together = mostInOne - TransactItems.length;
      TransactItems.push(...denied.slice(0, together).map((entry) => takenAway(roleArn, entry)));
      await table.client.send(new TransactWriteCommand({ TransactItems })).catch((error: unknown) => {
        if (!(error instanceof TransactionCanceledException)) return unavailable(`The ledger of ${roleArn}`)(error);
        const [ofLedger, ofLease] = error.CancellationReasons ?? [];
        const stale = [ofLedger, ofLease].some((reason) => reason?.Code === 'ConditionalCheckFailed');
        throw stale ? busy(roleArn) : conflict(roleArn, error);
      });
      return denied.slice(together);
    },
    release: async (roleArn, fence) => {
      await table.client
        .send(
          new UpdateCommand({
            TableName: table.name,
            Key: leaseKey(roleArn),
            UpdateExpression: 'REMOVE heldUntilMs',
            ConditionExpression: 'fence = :fence',
            ExpressionAttributeValues: { ':fence': fence },
          }),
        )
        .catch((error: unknown) => {
          if (nameOfError(error) !== 'ConditionalCheckFailedException') unavailable(`The lease on ${roleArn}`)(error);
        });
    },
  };
};
