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

it('says StoreUnavailable when the database is gone', async () => {
  const postings = createPostings(running.table, clock);
  await running.stop();
  await expect(postings.claim('card:1')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  await expect(postings.get('card:1')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  running = await startTable();
});
