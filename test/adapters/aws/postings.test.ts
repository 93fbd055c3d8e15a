import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPostings } from '#adapters/aws/postings.ts';
import { turnableClock } from '#local/clock.ts';
import { startTable } from '#test/kit/table.ts';

let running: Awaited<ReturnType<typeof startTable>>;
const clock = turnableClock();
const posted = { channel: 'C0ACCESS', ts: '1.000001' };

beforeEach(async () => {
  running = await startTable();
});
afterEach(() => running.stop());

it('lets one of many post', async () => {
  const postings = createPostings(running.table, clock);
  const claims = await Promise.all(Array.from({ length: 10 }, () => postings.claim('card:1')));
  expect(claims.filter((claim) => claim === 'first')).toHaveLength(1);
  expect(claims.filter((claim) => claim === 'busy')).toHaveLength(9);
});

it('keeps where the message is, and nobody may post another', async () => {
  const postings = createPostings(running.table, clock);
  expect(await postings.get('card:1')).toBeUndefined();
  await postings.claim('card:1');
  expect(await postings.get('card:1')).toBeUndefined();
  await postings.keep('card:1', posted);
  expect(await postings.get('card:1')).toEqual(posted);
  await clock.turn(3_600_000);
  await postings.giveUp('card:1');
  expect(await postings.claim('card:1')).toBe('busy');
  expect(await postings.get('card:1')).toEqual(posted);
});

it('hands a claim on when it was given up, or when its holder has died', async () => {
  const postings = createPostings(running.table, clock);
  await postings.claim('card:1');
  await postings.giveUp('card:1');
  const claims = await Promise.all([postings.claim('card:1'), postings.claim('card:1')]);
  expect(claims.toSorted()).toEqual(['again', 'busy']);
  await clock.turn(30_000);
  expect(await postings.claim('card:1')).toBe('again');
});

it('giving up what nobody claimed is nothing', async () => {
  const postings = createPostings(running.table, clock);
  await postings.giveUp('card:1');
  expect(await postings.claim('card:1')).toBe('first');
});

const card = { subject: 'card:1', version: 2 } as const;
const note = { subject: 'note:1', version: 2 } as const;

it('reserves all that are to be posted, or none where one of them is posted or reserved by now', async () => {
  const postings = createPostings(running.table, clock);
  await postings.claim('note:1');
  expect(
    await postings.begin([
      { ...card, as: 'first' },
      { ...note, as: 'first' },
    ]),
  ).toBe(false);
  expect(await postings.look('card:1')).toEqual({});
  expect(await postings.look('note:1')).toEqual({ claimed: 'now' });
  await clock.turn(30_000);
  expect(await postings.look('note:1')).toEqual({ claimed: 'before' });
  expect(
    await postings.begin([
      { ...card, as: 'first' },
      { ...note, as: 'first' },
    ]),
  ).toBe(false);
  expect(
    await postings.begin([
      { ...card, as: 'first' },
      { ...note, as: 'again' },
    ]),
  ).toBe(true);
  expect(await postings.look('card:1')).toEqual({ claimed: 'now', version: 2 });
  expect(await postings.begin([{ ...card, as: 'again' }])).toBe(false);
  expect(await postings.begin([{ ...card, as: 'posted' }])).toBe(false);
});

it('keeps what was posted, and says whether somebody is to show something newer', async () => {
  const postings = createPostings(running.table, clock);
  await postings.begin([
    { ...card, as: 'first' },
    { ...note, as: 'first' },
  ]);
  expect(await postings.begin([{ ...note, version: 3, as: 'not-wanted' }])).toBe(true);
  expect(
    await postings.finish([
      { ...card, posted },
      { ...note, posted },
    ]),
  ).toBe(false);
  expect(await postings.look('card:1')).toEqual({ posted, version: 2 });
  expect(await postings.look('note:1')).toEqual({ posted, version: 3 });
  expect(await postings.begin([{ ...note, as: 'posted' }])).toBe(false);
  expect(
    await postings.begin([
      { ...card, as: 'posted' },
      { ...note, version: 3, as: 'posted' },
    ]),
  ).toBe(true);
  expect(await postings.finish([card, { ...note, version: 3 }])).toBe(true);
  expect(await postings.begin([{ ...card, version: 3, as: 'posted' }])).toBe(true);
  expect(await postings.finish([card, { ...note, version: 3 }])).toBe(false);
});

it('takes a message that an earlier version kept as one that shows nothing yet', async () => {
  const { client, name } = running.table;
  const Item = { pk: 'POSTING#card:1', sk: 'POSTING', posted };
  await client.send(new PutCommand({ TableName: name, Item }));
  const postings = createPostings(running.table, clock);
  expect(await postings.begin([{ ...card, as: 'posted' }])).toBe(true);
  expect(await postings.finish([card])).toBe(true);
  expect(await postings.get('card:1')).toEqual(posted);
});

it('learns a place only where none is kept', async () => {
  const postings = createPostings(running.table, clock);
  await postings.begin([{ ...card, as: 'first' }]);
  await postings.learn('card:1', posted);
  await postings.learn('card:1', { ...posted, ts: '2.000002' });
  expect(await postings.look('card:1')).toEqual({ posted, version: 2 });
});

it('says StoreUnavailable when the database is gone', async () => {
  const postings = createPostings(running.table, clock);
  await running.stop();
  await expect(postings.claim('card:1')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  await expect(postings.get('card:1')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  running = await startTable();
});
