import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChainStore } from '#adapters/aws/chain-store.ts';
import type { ChainedRole } from '#core/chain/chained-role.ts';
import { startTable } from '#test/kit/table.ts';

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const role = (grantId: string, more: Partial<ChainedRole> = {}): ChainedRole => ({
  grantId,
  roleArn: 'arn:aws:iam::333333333333:role/daypass-jit-reports',
  version: 1,
  firstAt: '2026-11-22T10:00:00.000Z',
  expiresBy: '2026-11-22T11:00:00.000Z',
  count: 1,
  sessions: [],
  ...more,
});

it('keeps one grant’s roles apart from another’s, and lists what is open of all of them', async () => {
  const chains = createChainStore(table.table);
  const [one, other] = [role('GRANT1'), role('GRANT2')];
  await chains.save({ role: one, events: [] });
  await chains.save({ role: other, events: [] });
  expect(await chains.ofGrant('GRANT1')).toEqual([one]);
  expect(await chains.open()).toEqual(expect.arrayContaining([one, other]));
  await chains.save({ role: { ...one, version: 2, deniedAt: one.firstAt }, events: [] });
  await chains.save({ role: { ...other, version: 2, overAt: one.expiresBy }, events: [] });
  expect(await chains.open()).toEqual([]);
});

it('takes a version once, so that a session that is told while a role is denied is not lost', async () => {
  const chains = createChainStore(table.table);
  await chains.save({ role: role('GRANT3'), events: [] });
  await expect(chains.save({ role: role('GRANT3'), events: [] })).rejects.toMatchObject({ name: 'VersionConflict' });
  await chains.save({ role: role('GRANT3', { version: 2, count: 2 }), events: [] });
  await expect(
    chains.save({ role: role('GRANT3', { version: 2, deniedAt: '2026-11-22T10:00:00.000Z' }), events: [] }),
  ).rejects.toMatchObject({ name: 'VersionConflict' });
});

it('lets the database forget a role thirty days after its last session has expired', async () => {
  await createChainStore(table.table).save({ role: role('GRANT4'), events: [] });
  const { Item } = await table.table.client.send(
    new GetCommand({ TableName: table.table.name, Key: { pk: 'CHAIN#GRANT4', sk: role('').roleArn } }),
  );
  expect(Item?.ttl).toBe(Date.parse('2026-12-22T11:00:00.000Z') / 1000);
});
