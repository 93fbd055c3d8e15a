import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DaypassError } from '#core/errors.ts';
import { emptyLedger, type Ledger } from '#core/ledger/ledger.ts';
import type { Clock } from '#ports/clock.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { nameOfError } from './failures.ts';
import { conflictOrUnavailable, storedVersion, type Table, unavailable } from './table.ts';

/** All ledgers stand in one partition, so that one query lists them. There is one per role. */
const partition = 'LEDGER';

const ledgerKey = (roleArn: string): { pk: string; sk: string } => ({ pk: partition, sk: roleArn });

/** The lease is an item of its own, so that taking it does not disturb the ledger's version. */
const leaseKey = (roleArn: string): { pk: string; sk: string } => ({ pk: 'LEASE', sk: roleArn });

export const createLedgerStore = (table: Table, clock: Clock): LedgerStore => ({
  get: async (roleArn) => {
    const { Item } = await table.client
      .send(new GetCommand({ TableName: table.name, Key: ledgerKey(roleArn), ConsistentRead: true }))
      .catch(unavailable(`The ledger of ${roleArn}`));
    return (Item?.ledger as Ledger | undefined) ?? emptyLedger(roleArn);
  },
  save: async (ledger) => {
    const Item = { ...ledgerKey(ledger.roleArn), version: ledger.version, ledger };
    await table.client
      .send(new PutCommand({ TableName: table.name, Item, ...storedVersion(ledger.version - 1) }))
      .catch(conflictOrUnavailable(`The ledger of ${ledger.roleArn}`));
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
        if (nameOfError(error) !== 'ConditionalCheckFailedException') {
          return unavailable(`The lease on ${roleArn}`)(error);
        }
        throw new DaypassError(
          'RoleBusy',
          `Another revocation is being written to ${roleArn}. It is tried again in a moment.`,
        );
      });
    return Number(Attributes?.fence);
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
