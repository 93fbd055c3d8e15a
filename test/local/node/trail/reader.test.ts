import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { LookUp } from '#local/node/trail/lookup.ts';
import { createMarks } from '#local/node/trail/marks.ts';
import { createPace } from '#local/node/trail/pace.ts';
import { createReader } from '#local/node/trail/reader.ts';
import { assumptions, type Happened, historyOf, idsOf, leapingClock, linesOf, place } from './history.ts';

const startMs = Date.parse('2026-11-22T10:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A reader with its bus and its database; `restart` is a new process on the same database. */
const opened = (lookUpOf: (clock: ReturnType<typeof leapingClock>) => LookUp) => {
  const clock = leapingClock(startMs);
  const db = new DatabaseSync(':memory:');
  const bus: BusEvent[] = [];
  const log = linesOf();
  const { signal } = new AbortController();
  const lookUp = lookUpOf(clock);
  const restart = (put: (event: BusEvent) => void = (event) => void bus.push(event)) =>
    createReader({
      clock,
      marks: createMarks(db),
      pace: createPace(clock, signal),
      lookUp,
      put,
      queriesOf: async () => [assumptions],
      log,
      signal,
    });
  return { clock, bus, log, restart, db, signal };
};

const event = (id: string, afterMs: number, lateMs = 0): Happened => ({
  id,
  atMs: startMs + afterMs,
  visibleAtMs: startMs + afterMs + lateMs,
});

describe('the reader of CloudTrail', () => {
  it('begins where it was first started: what was before is none of its business', async () => {
    const { clock, bus, restart } = opened((c) => historyOf([event('before', -minuteMs), event('after', 2_000)], c));
    const read = restart();
    await read(place);
    clock.turnTo(startMs + minuteMs);
    await read(place);
    expect(idsOf(bus)).toEqual(['after']);
  });

  it('puts each event on the bus once, though windows overlap', async () => {
    const { clock, bus, restart } = opened((c) => historyOf([event('one', 2_000), event('two', 61_000)], c));
    const read = restart();
    await read(place);
    for (let minute = 1; minute <= 5; minute++) {
      clock.turnTo(startMs + minute * minuteMs);
      await read(place);
    }
    expect(idsOf(bus)).toEqual(['one', 'two']);
  });

  it.each([
    ['a quarter of an hour', 15 * minuteMs],
    ['four hours', 4 * hourMs],
  ])('finds what turns up %s late', async (_, lateMs) => {
    const { clock, bus, restart } = opened((c) => historyOf([event('late', 5 * minuteMs, lateMs)], c));
    const read = restart();
    for (let atMs = 0; atMs <= lateMs + 70 * minuteMs; atMs += 5 * minuteMs) {
      clock.turnTo(startMs + atMs);
      await read(place);
    }
    expect(idsOf(bus)).toEqual(['late']);
  });

  it('finds what turns up a quarter of an hour late at the next look, and looks far back once an hour only', async () => {
    const depths: number[] = [];
    const { clock, bus, restart } = opened((c) => {
      const history = historyOf([event('late', 5 * minuteMs, 15 * minuteMs)], c);
      return (aPlace, query, window, token) => {
        depths.push(c.nowMs() - window.fromMs);
        return history(aPlace, query, window, token);
      };
    });
    const read = restart();
    for (let atMs = 0; atMs <= 20 * minuteMs; atMs += minuteMs) {
      clock.turnTo(startMs + atMs);
      await read(place);
    }
    expect(idsOf(bus)).toEqual(['late']);
    for (let atMs = 21 * minuteMs; atMs < 241 * minuteMs; atMs += minuteMs) {
      clock.turnTo(startMs + atMs);
      await read(place);
    }
    expect(depths.filter((depth) => depth > 35 * minuteMs)).toHaveLength(4);
  });

  it('reads every page of a window', async () => {
    const happened = Array.from({ length: 230 }, (_, index) => event(`e${index}`, 1_000 + index));
    const { clock, bus, restart } = opened((c) => historyOf(happened, c));
    const read = restart();
    await read(place);
    clock.turnTo(startMs + minuteMs);
    await read(place);
    expect(new Set(idsOf(bus)).size).toBe(230);
  });

  it('reads its queries in turn, so that a flood in one does not keep the others waiting', async () => {
    const flood = Array.from({ length: 400 }, (_, index) => event(`e${index}`, 1_000 + index));
    const asked: string[] = [];
    const { clock, log, bus, db, signal } = opened(() => async () => ({ found: [] }));
    const changes = Array.from({ length: 60 }, (_, index) => event(`c${index}`, 1_000 + index));
    const histories = { EventName: historyOf(flood, clock), EventSource: historyOf(changes, clock) };
    const roleChanges = { key: 'EventSource', value: 'iam.amazonaws.com' } as const;
    const read = createReader({
      clock,
      marks: createMarks(db),
      pace: createPace(clock, signal),
      lookUp: (aPlace, query, window, token) => {
        asked.push(query.value);
        return histories[query.key === 'EventName' ? 'EventName' : 'EventSource'](aPlace, query, window, token);
      },
      put: (one) => void bus.push(one),
      queriesOf: async () => [assumptions, roleChanges],
      log,
      signal,
    });
    await read(place);
    clock.turnTo(startMs + minuteMs);
    asked.length = 0;
    await read(place);
    expect(asked.slice(0, 4)).toEqual(['AssumeRole', 'iam.amazonaws.com', 'AssumeRole', 'iam.amazonaws.com']);
    expect(asked).toHaveLength(10);
    expect(new Set(idsOf(bus)).size).toBe(460);
  });

  it('makes at most two calls in any second', async () => {
    const happened = Array.from({ length: 500 }, (_, index) => event(`e${index}`, 1_000 + index));
    let history: ReturnType<typeof historyOf> | undefined;
    const { clock, restart } = opened((c) => {
      history = historyOf(happened, c);
      return history;
    });
    const read = restart();
    await read(place);
    clock.turnTo(startMs + minuteMs);
    await read(place);
    const times = (history?.calls ?? []).map(({ atMs }) => atMs);
    expect(times.length).toBeGreaterThan(10);
    for (const [index, atMs] of times.entries()) expect((times[index + 2] ?? Infinity) - atMs).toBeGreaterThan(1_000);
  });

  it('waits where AWS asks for fewer calls, and goes on with the same page', async () => {
    const happened = Array.from({ length: 120 }, (_, index) => event(`e${index}`, 1_000 + index));
    let refusals = 0;
    const { clock, bus, log, restart } = opened((c) => {
      const history = historyOf(happened, c);
      return async (...given) => {
        if (given[3] !== undefined && refusals++ % 3 !== 2) {
          throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
        }
        return history(...given);
      };
    });
    const read = restart();
    await read(place);
    clock.turnTo(startMs + minuteMs);
    await read(place);
    expect(new Set(idsOf(bus)).size).toBe(120);
    expect(refusals).toBeGreaterThan(3);
    expect(log.lines.join()).toContain('asks for fewer calls');
    expect(clock.nowMs()).toBeGreaterThan(startMs + minuteMs + 8_000);
  });

  it('says so when it was away for long, reads that time in pieces and then says that it has caught up', async () => {
    const happened = [event('day 1', dayMs), event('day 9', 9 * dayMs)];
    const windows: number[] = [];
    const { clock, bus, log, restart } = opened((c) => {
      const history = historyOf(happened, c);
      return (aPlace, query, window, token) => {
        windows.push(window.toMs - window.fromMs);
        return history(aPlace, query, window, token);
      };
    });
    await restart()(place);
    clock.turnTo(startMs + 10 * dayMs);
    await restart()(place);
    expect(idsOf(bus)).toEqual(['day 1', 'day 9']);
    expect(Math.max(...windows)).toBe(6 * hourMs);
    expect(log.lines).toEqual([
      'warn CloudTrail was not read for 240.0 h; the poller catches up.',
      'info The poller has caught up with CloudTrail.',
    ]);
  });

  it('says what nobody can read any more after more than 90 days', async () => {
    const { clock, log, restart } = opened((c) => historyOf([], c));
    await restart()(place);
    clock.turnTo(startMs + 100 * dayMs);
    await restart()(place);
    expect(log.lines).toContain('error CloudTrail keeps 90 days: 240.0 h before that cannot be read any more.');
  });

  it('does not move on past what it could not read', async () => {
    let broken = true;
    const { clock, bus, restart } = opened((c) => {
      const history = historyOf([event('seen', 2_000)], c);
      return async (...given) => {
        if (broken) throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
        return history(...given);
      };
    });
    const read = restart();
    await expect(read(place)).rejects.toThrow('no');
    clock.turnTo(startMs + 3 * dayMs);
    await expect(read(place)).rejects.toThrow('no');
    broken = false;
    await read(place);
    expect(idsOf(bus)).toEqual(['seen']);
  });

  it('loses no event, however late they are and wherever the process dies', async () => {
    const minutes = (most: number) => fc.integer({ min: 0, max: most });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ after: minutes(600), late: minutes(240) }), { maxLength: 30 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 12 }),
        fc.array(minutes(90), { minLength: 1, maxLength: 10 }),
        async (given, deaths, pauses) => {
          const happened = given.map(({ after, late }, index) =>
            event(`e${index}`, after * minuteMs + 1_000, late * minuteMs),
          );
          const { clock, bus, restart } = opened((c) => historyOf(happened, c, 3));
          await restart()(place);
          const dying = [...deaths];
          const round = async (): Promise<void> => {
            let left = dying.shift() ?? Infinity;
            // A process that dies has either put the event or not; the mark behind it is never written.
            const read = restart((one) => {
              if (left-- <= 0) throw new Error('killed');
              bus.push(one);
              if (left < 0) throw new Error('killed');
            });
            await read(place).catch(() => undefined);
          };
          for (const pause of pauses) {
            clock.turnTo(clock.nowMs() + pause * minuteMs);
            await round();
          }
          // Long enough for every event to be there and for one wide look.
          clock.turnTo(startMs + 15 * hourMs);
          while (dying.length > 0) await round();
          await round();
          expect(new Set(idsOf(bus))).toEqual(new Set(happened.map(({ id }) => id)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
