import { afterEach, beforeEach, expect, it } from 'vitest';
import { createReplyStore } from '#adapters/aws/reply-store.ts';
import { turnableClock } from '#local/clock.ts';
import { startTable } from '#test/kit/table.ts';

let running: Awaited<ReturnType<typeof startTable>>;
const clock = turnableClock();
const reply = { status: 200, contentType: 'application/json', body: '{"text":"é"}' };

beforeEach(async () => {
  running = await startTable();
});
afterEach(() => running.stop());

it('gives a key to one of many who claim it at once', async () => {
  const store = createReplyStore(running.table, clock);
  const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim('k', 15)));
  expect(claims.filter(({ state }) => state === 'mine')).toHaveLength(1);
  expect(claims.filter(({ state }) => state === 'busy')).toHaveLength(9);
});

it('answers with what was kept, for good', async () => {
  const store = createReplyStore(running.table, clock);
  await store.claim('k', 15);
  await store.keep('k', reply);
  await clock.turn(60_000);
  expect(await store.claim('k', 15)).toEqual({ state: 'answered', reply });
  expect(await store.claim('other', 15)).toEqual({ state: 'mine' });
});

it('lets a claim that was never answered be taken again when its time is up, not before', async () => {
  const store = createReplyStore(running.table, clock);
  await store.claim('k', 15);
  await clock.turn(14_999);
  expect(await store.claim('k', 15)).toEqual({ state: 'busy' });
  await clock.turn(1);
  expect(await store.claim('k', 15)).toEqual({ state: 'mine' });
  expect(await store.claim('k', 15)).toEqual({ state: 'busy' });
});

it('says StoreUnavailable when the database is gone', async () => {
  const store = createReplyStore(running.table, clock);
  await running.stop();
  await expect(store.claim('k', 15)).rejects.toMatchObject({ name: 'StoreUnavailable' });
  await expect(store.keep('k', reply)).rejects.toMatchObject({ name: 'StoreUnavailable' });
  running = await startTable();
});
