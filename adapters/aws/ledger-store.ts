import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DaypassError } from '#core/errors.ts';
import { emptyLedger, type Ledger, mergedEntries, mostEntries } from '#core/ledger/ledger.ts';
import type { Clock } from '#ports/clock.ts';
import type { AppliedDocument, LedgerStore } from '#ports/ledger-store.ts';
import { nameOfError } from './failures.ts';
import { conflictOrUnavailable, pagesOf, storedVersion, type Table, unavailable } from './table.ts';

/** All ledgers stand in one partition, so that one query lists them. There is one per role. */
const partition = 'LEDGER';

const ledgerKey = (roleArn: string): { pk: string; sk: string } => ({ pk: partition, sk: roleArn });

/** The lease is an item of its own, so that taking it does not disturb the ledger's version. */
const leaseKey = (roleArn: string): { pk: string; sk: string } => ({ pk: 'LEASE', sk: roleArn });

const ledgerIn = (stored: unknown): Ledger => {
  const ledger = stored as Ledger;
  return { ...ledger, entries: mergedEntries(ledger.entries) };
};

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

export const createLedgerStore = (table: Table, clock: Clock): LedgerStore => ({
  get: async (roleArn) => {
    const { Item } = await table.client
      .send(new GetCommand({ TableName: table.name, Key: ledgerKey(roleArn), ConsistentRead: true }))
      .catch(unavailable(`The ledger of ${roleArn}`));
    return Item ? ledgerIn(Item.ledger) : emptyLedger(roleArn);
  },
  all: async () => {
    const query = {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition },
      ConsistentRead: true,
    };
    const ledgers: Ledger[] = [];
    for await (const page of pagesOf(table, 'The ledgers', query)) {
      ledgers.push(...page.map((item) => ledgerIn(item.ledger)));
    }
    return ledgers;
  },
  progress: async (roleArn) => {
    const { Item } = await table.client
      .send(
        new GetCommand({
          TableName: table.name,
          Key: ledgerKey(roleArn),
          ConsistentRead: true,
          ProjectionExpression: '#ledger.entriesVersion, #ledger.appliedVersion, #ledger.roleGone',
          ExpressionAttributeNames: { '#ledger': 'ledger' },
        }),
      )
      .catch(unavailable(`The ledger of ${roleArn}`));
    return { entriesVersion: 0, appliedVersion: 0, ...(Item?.ledger as Partial<Ledger> | undefined) };
  },
  save: async (ledger) => {
    const Item = { ...ledgerKey(ledger.roleArn), version: ledger.version, ledger };
    await table.client
      .send(new PutCommand({ TableName: table.name, Item, ...storedVersion(ledger.version - 1) }))
      .catch((error: unknown) => {
        if (nameOfError(error) === 'TransactionConflictException') throw conflict(ledger.roleArn, error);
        conflictOrUnavailable(`The ledger of ${ledger.roleArn}`)(error);
      });
  },
  add: async (roleArn, entry) => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: ledgerKey(roleArn),
          UpdateExpression: `SET #ledger.#entries = list_append(#ledger.#entries, :entries), #ledger.entriesVersion = #ledger.entriesVersion + :one, ${nextVersion}`,
          ConditionExpression: 'size(#ledger.#entries) < :most AND NOT contains(#ledger.#entries, :entry)',
          ExpressionAttributeNames: { ...names, '#entries': 'entries' },
          ExpressionAttributeValues: { ':entry': entry, ':entries': [entry], ':one': 1, ':most': mostEntries },
        }),
      );
      return 'added';
    } catch (error) {
      if (nameOfError(error) === 'ConditionalCheckFailedException') return 'not-added';
      if (nameOfError(error) === 'TransactionConflictException') throw conflict(roleArn, error);
      return unavailable(`The ledger of ${roleArn}`)(error);
    }
  },
  acquire: async (roleArn, forSec) => {
    const nowMs = clock.nowMs();
    const { Attributes } = await table.client
      .send(
        new UpdateCommand({
          TableName: table.name,
          Key: leaseKey(roleArn),
          UpdateExpression: 'SET heldUntilMs = :until ADD fence :one',
          ConditionExpression: 'attribute_not_exists(heldUntilMs) OR heldUntilMs <= :now',
          ExpressionAttributeValues: { ':until': nowMs + forSec * 1000, ':one': 1, ':now': nowMs },
          ReturnValues: 'UPDATED_NEW',
        }),
      )
      .catch((error: unknown) => {
        const name = nameOfError(error);
        if (name === 'ConditionalCheckFailedException' || name === 'TransactionConflictException') throw busy(roleArn);
        return unavailable(`The lease on ${roleArn}`)(error);
      });
    return Number(Attributes?.fence);
  },
  record: async (roleArn, applied, fence) => {
    const TransactItems = [
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
    await table.client.send(new TransactWriteCommand({ TransactItems })).catch((error: unknown) => {
      if (!(error instanceof TransactionCanceledException)) return unavailable(`The ledger of ${roleArn}`)(error);
      const [ofLedger, ofLease] = error.CancellationReasons ?? [];
      const stale = [ofLedger, ofLease].some((reason) => reason?.Code === 'ConditionalCheckFailed');
      throw stale ? busy(roleArn) : conflict(roleArn, error);
    });
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
});
