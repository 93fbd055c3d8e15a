import { describe, expect, it } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import { refuse } from '#core/refusal.ts';
import { change, create, publishing, type Store, untilSaved } from '#usecases/change.ts';

type Counter = { version: number; text: string };

/** One counter, and others who write to it between our read and our write, so many times. */
const contended = (others: number, stored?: Counter) => {
  let now = stored;
  let left = others;
  const told: string[] = [];
  const store: Store<Counter | undefined, Counter, Counter> = {
    read: async () => now,
    save: async (next) => {
      if (left > 0) {
        left -= 1;
        now = { version: (now?.version ?? 0) + 1, text: `other ${others - left}` };
      }
      if (next.version !== (now?.version ?? 0) + 1) throw new DaypassError('VersionConflict', 'changed');
      now = next;
      return next;
    },
    publishLeftovers: async (id) => told.push(id),
  };
  return { store, told, stored: () => now };
};

const first: Counter = { version: 1, text: 'first' };
const next = ({ version, text }: Counter): Counter => ({ version: version + 1, text: `after ${text}` });

describe('a change', () => {
  it('is judged anew by what others saved, and its answer is that of the judgement that was saved', async () => {
    const { store, stored } = contended(2, first);
    const outcome = await change(store, 'counter', (before) =>
      before ? { change: next(before), answer: `saw ${before.text}` } : refuse('not-found', 'none', 'none'),
    );
    expect(outcome).toEqual({
      ok: true,
      value: { state: { version: 4, text: 'after other 2' }, answer: 'saw other 2' },
    });
    expect(stored()).toEqual({ version: 4, text: 'after other 2' });
  });

  it('that always comes too late is given up after a hundred rounds', async () => {
    const { store } = contended(1000, first);
    let judged = 0;
    const hopeless = change(store, 'counter', (before) => {
      judged += 1;
      return { change: next(before ?? first) };
    });
    await expect(hopeless).rejects.toMatchObject({ name: 'VersionConflict' });
    expect(judged).toBe(100);
  });

  it('that is refused saves nothing, and neither does one that keeps', async () => {
    const { store, told, stored } = contended(0, first);
    const refusal = refuse('not-allowed', 'no', 'ask');
    expect(await change(store, 'counter', () => refusal)).toEqual(refusal);
    expect(await change(store, 'counter', () => ({ keep: first, answer: 'kept' }))).toEqual({
      ok: true,
      value: { state: first, answer: 'kept' },
    });
    expect(stored()).toEqual(first);
    expect(told).toEqual([]);
  });

  it('that was made before publishes what it left behind', async () => {
    const { store, told } = contended(0, first);
    await change(store, 'counter', () => ({ keep: first, again: true }));
    expect(told).toEqual(['counter']);
  });

  it('fails at once where it is not others who are in the way', async () => {
    let attempts = 0;
    const broken = untilSaved(async () => {
      attempts += 1;
      throw new DaypassError('StoreUnavailable', 'no answer');
    });
    await expect(broken).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(attempts).toBe(1);
  });

  it('leaves the others a moment where it is told to', async () => {
    const { store } = contended(12, first);
    const pauses: number[] = [];
    await untilSaved(
      async () => store.save(next((await store.read('counter')) ?? first), undefined),
      async (ms) => void pauses.push(ms),
    );
    expect(pauses).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 50, 50]);
  });
});

describe('what is created', () => {
  it('is saved without a look at what there is', async () => {
    const { store, told } = contended(0);
    expect(await create(store, 'counter', first)).toEqual(first);
    expect(told).toEqual([]);
  });

  it('is the one that is there already, with what that left behind published', async () => {
    const there = { version: 3, text: 'third' };
    const { store, told, stored } = contended(0, there);
    expect(await create(store, 'counter', first)).toEqual(there);
    expect(stored()).toEqual(there);
    expect(told).toEqual(['counter']);
  });

  it('is saved after all where somebody else was at it and what they wanted to save came to nothing', async () => {
    const { store, stored } = contended(0);
    let refusals = 2;
    const save: typeof store.save = async (each, before) => {
      if (refusals-- > 0) throw new DaypassError('VersionConflict', 'a transaction is at it');
      return store.save(each, before);
    };
    expect(await create({ ...store, save }, 'counter', first)).toEqual(first);
    expect(stored()).toEqual(first);
  });
});

describe('what a change caused', () => {
  const event = { name: 'login.confirmed', detail: { eventId: 'e', at: '', loginId: 'l', personId: 'p' } } as const;

  it('is published after the save, and where it is nothing the bus is left alone', async () => {
    const happened: string[] = [];
    const save = publishing(
      async (each: { events: readonly (typeof event)[] }) => void happened.push(`saved with ${each.events.length}`),
      { publish: async (events) => void happened.push(`published ${events.length}`) },
    );
    await save({ events: [event] });
    await save({ events: [] });
    expect(happened).toEqual(['saved with 1', 'published 1', 'saved with 0']);
  });

  it('stays unpublished where the save failed', async () => {
    const published: unknown[] = [];
    const save = publishing(
      async (_: { events: readonly (typeof event)[] }) => {
        throw new DaypassError('VersionConflict', 'changed');
      },
      { publish: async (events) => void published.push(events) },
    );
    await expect(save({ events: [event] })).rejects.toMatchObject({ name: 'VersionConflict' });
    expect(published).toEqual([]);
  });
});
