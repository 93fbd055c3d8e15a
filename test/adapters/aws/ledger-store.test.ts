import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import { turnableClock } from '#local/clock.ts';
import { startTable } from '#test/kit/table.ts';

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

it('a ledger of an earlier version is read once as what its sessions may have become, and as it is from then on', async () => {
  const { client, name: TableName } = table.table;
  const ledgers = createLedgerStore(table.table, turnableClock());
  const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
  const entry = {
    userId: 'AROA:x',
    revokedAt: '2026-11-22T10:05:00.000Z',
    coversUntil: '2026-11-22T11:00:00.000Z',
  };
  const Key = { pk: 'LEDGER', sk: roleArn };
  const stored = { ...emptyLedger(roleArn), version: 1, entriesVersion: 1, entries: [entry] };
  await client.send(new PutCommand({ TableName, Item: { ...Key, version: 1, ledger: stored } }));

  const read = { ...stored, entries: [{ ...entry, coversUntil: '2026-11-22T23:15:00.000Z' }] };
  expect(await ledgers.get(roleArn)).toEqual(read);
  expect(await ledgers.all()).toEqual([read]);
  await ledgers.save({ ...read, version: 2 });
  expect(await ledgers.get(roleArn)).toEqual({ ...read, version: 2 });
  const { Item } = await client.send(new GetCommand({ TableName, Key }));
  expect(Item).toMatchObject({ countsConsole: true, ledger: { ...read, version: 2 } });
});
