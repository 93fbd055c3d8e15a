import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Canaries, Canary } from '#ports/canaries.ts';
import { readItem } from './read-item.ts';
import { type Table, unavailable } from './table.ts';

/** Whoever waits for one waits for minutes. */
const keptSec = 86_400;

const keyOf = ({ accountId, sessionName }: Pick<Canary, 'accountId' | 'sessionName'>) => ({
  pk: `CANARY#${accountId}`,
  sk: sessionName,
});

export const createCanaries = (table: Table): Canaries => ({
  arrived: async (canary) => {
    const Item = { ...keyOf(canary), canary, ttl: Math.ceil(Date.parse(canary.arrivedAt) / 1000) + keptSec };
    await table.client.send(new PutCommand({ TableName: table.name, Item })).catch(unavailable('A canary'));
  },
  get: async (which) => (await readItem(table, keyOf(which), 'A canary'))?.canary as Canary | undefined,
});
