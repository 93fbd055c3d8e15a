import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { startTable } from '#test/kit/table.ts';

let running: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  running = await startTable();
});
afterAll(() => running.stop());

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const met = [
  { subject: { kind: 'request', requestId: '01KB0000000000000000000001' }, outcome: 'found' },
  { subject: { kind: 'role', roleArn }, outcome: 'verified' },
] as const;
const stored = [
  {
    pk: 'LOCKDOWN#01J',
    sk: 'HIT#01KB0000000000000000000001',
    hit: { subject: '01KB0000000000000000000001', outcome: 'found' },
  },
  { pk: 'LOCKDOWN#01J', sk: `HIT#${roleArn}`, hit: { subject: roleArn, outcome: 'verified' } },
];

it('what a lockdown met is stored by its request’s id or its role’s ARN', async () => {
  await createLockdownStore(running.table).note('01J', met);
  for (const Item of stored) {
    const { pk, sk } = Item;
    const found = await running.table.client.send(new GetCommand({ TableName: running.table.name, Key: { pk, sk } }));
    expect(found.Item).toEqual(Item);
  }
});

it('and is read so, whoever wrote it', async () => {
  const items = stored.map((item) => ({ ...item, pk: 'LOCKDOWN#01K' }));
  for (const Item of items) await running.table.client.send(new PutCommand({ TableName: running.table.name, Item }));
  expect(await createLockdownStore(running.table).hits('01K')).toEqual(met);
});
