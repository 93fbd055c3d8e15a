import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';
import type { Page, Place } from '#local/node/trail/lookup.ts';
import { createMarks } from '#local/node/trail/marks.ts';
import { createPoller, type Poller } from '#local/node/trail/poller.ts';
import { assumptions, idsOf, linesOf, place, recordOf } from './history.ts';

const elsewhere: Place = { accountId: '333333333333', region: 'us-east-1' };

let clock: TurnableClock;
let poller: Poller;
let places: readonly Place[];
let bus: BusEvent[];
let log: ReturnType<typeof linesOf>;
let calls: Place[];
let answer: (place: Place) => Page;

beforeEach(() => {
  clock = turnableClock();
  places = [place];
  bus = [];
  calls = [];
  log = linesOf();
  answer = () => ({ found: [] });
  poller = createPoller({
    clock,
    marks: createMarks(new DatabaseSync(':memory:')),
    lookUp: async (at) => {
      calls.push(at);
      return answer(at);
    },
    put: (event) => void bus.push(event),
    queriesOf: async () => [assumptions],
    placesOf: async () => places,
    everySec: 60,
    log,
  });
  poller.start();
});
afterEach(() => poller.stop());

const refusing = (accountId: string) => (at: Place) => {
  if (at.accountId === accountId) throw Object.assign(new Error('secret detail'), { name: 'AccessDeniedException' });
  return {
    found: [{ id: `${at.accountId}-${clock.nowMs()}`, atMs: clock.nowMs(), record: recordOf({ id: 'x', atMs: 0 }) }],
  };
};

it('looks once in the time that it was told, and again and again', async () => {
  await clock.turn(0);
  expect(calls).toHaveLength(1);
  await clock.turn(180_000);
  expect(calls).toHaveLength(4);
});

it('takes up an account that is added and lets go of one that is taken out', async () => {
  await clock.turn(0);
  places = [elsewhere];
  await clock.turn(121_000);
  calls = [];
  await clock.turn(120_000);
  expect(new Set(calls)).toEqual(new Set([elsewhere]));
});

it('does not let one account that cannot be read keep the others waiting', async () => {
  places = [place, elsewhere];
  answer = refusing('222222222222');
  await clock.turn(180_000);
  expect(idsOf(bus).length).toBeGreaterThanOrEqual(2);
  expect(idsOf(bus).every((id) => id.startsWith('333333333333'))).toBe(true);
});

it('says at once that an account cannot be read, as an error once that lasts, and when it is over', async () => {
  answer = refusing('222222222222');
  await clock.turn(10 * 60_000);
  expect(log.lines).toEqual([
    'warn CloudTrail could not be read; the poller tries again, and nothing is lost by that.',
  ]);
  await clock.turn(10 * 60_000);
  expect(log.lines.filter((line) => line.startsWith('error CloudTrail cannot be read'))).toHaveLength(1);
  answer = () => ({ found: [] });
  await clock.turn(60_000);
  expect(log.lines).toContain('info CloudTrail can be read again.');
  expect(log.lines.join()).not.toContain('secret detail');
});

it('makes no further call when it was stopped', async () => {
  await clock.turn(0);
  await poller.stop();
  calls = [];
  await clock.turn(600_000);
  expect(calls).toEqual([]);
});
