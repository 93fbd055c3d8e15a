import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readItem } from '#adapters/aws/read-item.ts';
import { startTable } from '#test/kit/table.ts';

const key = (pk: string) => ({ pk, sk: 'STATE' });

let started: Awaited<ReturnType<typeof startTable>>;
let calls: string[] = [];
let cancelled = false;
let denied = false;
beforeAll(async () => {
  started = await startTable();
  const { client, name } = started.table;
  for (const pk of ['A', 'B']) await client.send(new PutCommand({ TableName: name, Item: { ...key(pk), says: pk } }));
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        calls.push(commandName ?? '');
        if (cancelled && commandName === 'TransactGetItemsCommand') {
          throw new TransactionCanceledException({ $metadata: {}, message: 'Somebody writes one of them.' });
        }
        if (denied) throw Object.assign(new Error('Not this one.'), { name: 'AccessDeniedException' });
        return next(args);
      },
    { step: 'initialize', priority: 'low' },
  );
});
afterAll(() => started.stop());
beforeEach(() => {
  calls = [];
  cancelled = false;
  denied = false;
});

const read = (...keys: string[]) => Promise.all(keys.map((pk) => readItem(started.table, key(pk), pk)));

describe('items that are read', () => {
  it('alone are one call each', async () => {
    expect(await read('A')).toEqual([{ pk: 'A', sk: 'STATE', says: 'A' }]);
    expect(await read('missing')).toEqual([undefined]);
    expect(calls).toEqual(['GetItemCommand', 'GetItemCommand']);
  });

  it('in the same tick are one call, in the order in which they were asked for, and each of them once', async () => {
    const found = await read('B', 'missing', 'A', 'B');
    expect(found.map((item) => item?.says)).toEqual(['B', undefined, 'A', 'B']);
    expect(calls).toEqual(['TransactGetItemsCommand']);
  });

  it('while somebody writes one of them are read one by one', async () => {
    cancelled = true;
    expect((await read('A', 'B')).map((item) => item?.says)).toEqual(['A', 'B']);
    expect(calls).toEqual(['TransactGetItemsCommand', 'GetItemCommand', 'GetItemCommand']);
  });

  it('are a hundred to a call, and each is told its own', async () => {
    const others = Array.from({ length: 100 }, (_, index) => `other ${index}`);
    const found = await read('A', ...others, 'B');
    expect([found.length, found.at(0)?.says, found.at(-1)?.says]).toEqual([102, 'A', 'B']);
    expect(found.slice(1, -1).filter((item) => item !== undefined)).toEqual([]);
    expect(calls).toEqual(['TransactGetItemsCommand', 'TransactGetItemsCommand']);
  });

  it('where one may not be read are told as out of reach, never as absent', async () => {
    denied = true;
    const outcomes = await Promise.allSettled(['A', 'missing'].map((pk) => readItem(started.table, key(pk), pk)));
    expect(outcomes.map((each) => each.status === 'rejected' && each.reason.name)).toEqual([
      'StoreUnavailable',
      'StoreUnavailable',
    ]);
  });
});

it('a table that does not answer is said to each of those who asked', async () => {
  const { table, stop } = await startTable();
  await stop();
  const asked = ['A', 'B'].map((pk) => readItem(table, key(pk), `Item ${pk}`));
  expect((await Promise.allSettled(asked)).map((each) => each.status === 'rejected' && String(each.reason))).toEqual([
    expect.stringContaining('Item A could not be reached'),
    expect.stringContaining('Item B could not be reached'),
  ]);
});
