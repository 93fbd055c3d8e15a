import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { LocalClock } from '#local/clock.ts';
import type { Log } from '#ports/log.ts';
import { busEventOf } from './bus-event.ts';
import { type Found, isThrottling, type LookUp, type Page, type Place, type Query, type Window } from './lookup.ts';
import type { Marks } from './marks.ts';
import type { Pace } from './pace.ts';
import { planOf, rememberedMs } from './windows.ts';

/** Further behind than any usual delay. */
const behindMs = 20 * 60_000;

export type ReaderDeps = {
  clock: LocalClock;
  marks: Marks;
  pace: Pace;
  lookUp: LookUp;
  /** The bus's `put`: on disk when it returns. */
  put: (event: BusEvent) => void;
  /** What to ask for, where `fromMs` is the beginning of what is read. */
  queriesOf: (place: Place, fromMs: number) => Promise<readonly Query[]>;
  log: Log;
  signal: AbortSignal;
};

const hours = (ms: number): string => `${(ms / 3_600_000).toFixed(1)} h`;

/** Reads a place's event history up to now onto the bus. Rejects with what AWS answered; what was read stays read. */
export const createReader = (deps: ReaderDeps) => {
  const { clock, marks, pace, lookUp, put, queriesOf, log, signal } = deps;

  /** One page, however often AWS asks to slow down. */
  const page = async (place: Place, query: Query, window: Window, nextToken?: string): Promise<Page | undefined> => {
    while (!signal.aborted) {
      await pace.turn(place);
      if (signal.aborted) break;
      try {
        const answer = await lookUp(place, query, window, nextToken);
        pace.usual(place);
        return answer;
      } catch (error) {
        if (!isThrottling(error)) throw error;
        pace.slower(place);
        log.warn('CloudTrail asks for fewer calls; the poller waits and goes on with the same page.', place);
      }
    }
    return undefined;
  };

  /**
   * The event first and its id after it: a process that dies between the two puts it there twice, which is harmless.
   */
  const take = (found: Found, place: Place): void => {
    if (marks.knows(found.id)) return;
    const event = busEventOf(found, place);
    if (event) put(event);
    else log.error('An event of CloudTrail could not be read and was passed over.', { ...place, eventId: found.id });
    marks.learn(found.id, found.atMs);
  };

  /**
   * A page of each query in turn, so that whoever floods one does not hide what another finds. False when it was
   * stopped.
   */
  const readWindow = async (place: Place, queries: readonly Query[], window: Window): Promise<boolean> => {
    let open: readonly { query: Query; nextToken?: string }[] = queries.map((query) => ({ query }));
    while (open.length > 0) {
      const further: { query: Query; nextToken: string }[] = [];
      for (const { query, nextToken } of open) {
        const answer = await page(place, query, window, nextToken);
        if (!answer) return false;
        for (const found of answer.found) take(found, place);
        if (answer.nextToken !== undefined) further.push({ query, nextToken: answer.nextToken });
      }
      open = further;
    }
    return true;
  };

  return async (place: Place): Promise<void> => {
    const nowMs = clock.nowMs();
    const mark = marks.of(place, nowMs);
    const { windows, deep, lostMs } = planOf(mark, nowMs);
    const behind = nowMs - mark.readToMs > behindMs;
    if (behind) {
      log.warn(`CloudTrail was not read for ${hours(nowMs - mark.readToMs)}; the poller catches up.`, place);
    }
    if (lostMs > 0) {
      log.error(`CloudTrail keeps 90 days: ${hours(lostMs)} before that cannot be read any more.`, place);
    }
    const queries = await queriesOf(place, windows[0]?.fromMs ?? nowMs);
    for (const window of windows) {
      if (!(await readWindow(place, queries, window))) return;
      marks.move(place, {
        readToMs: Math.max(mark.readToMs, window.toMs),
        deepAtMs: deep && window.toMs === nowMs ? nowMs : mark.deepAtMs,
      });
    }
    if (behind) log.info('The poller has caught up with CloudTrail.', place);
    marks.forget(mark.readToMs - rememberedMs);
  };
};
