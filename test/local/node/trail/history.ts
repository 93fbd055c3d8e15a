import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { LocalClock } from '#local/clock.ts';
import type { LookUp, Place, Query } from '#local/node/trail/lookup.ts';
import type { Log } from '#ports/log.ts';

export const place: Place = { accountId: '222222222222', region: 'us-east-1' };
export const assumptions: Query = { key: 'EventName', value: 'AssumeRole' };

/** One event of an account, and when LookupEvents begins to show it. */
export type Happened = { id: string; atMs: number; visibleAtMs: number };

export const recordOf = ({ id, atMs }: Pick<Happened, 'id' | 'atMs'>): string =>
  JSON.stringify({
    eventID: id,
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    eventType: 'AwsApiCall',
    eventTime: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    awsRegion: 'us-east-1',
    recipientAccountId: '222222222222',
  });

/** What LookupEvents would answer: newest first, in pages, within the window, as far as it is visible by now. */
export const historyOf = (
  happened: readonly Happened[],
  clock: Pick<LocalClock, 'nowMs'>,
  pageSize = 50,
): LookUp & { calls: { atMs: number; fromMs: number; toMs: number }[] } => {
  const calls: { atMs: number; fromMs: number; toMs: number }[] = [];
  const lookUp: LookUp = async (_place, _query, { fromMs, toMs }, nextToken) => {
    calls.push({ atMs: clock.nowMs(), fromMs, toMs });
    const visible = happened
      .filter(({ atMs, visibleAtMs }) => atMs >= fromMs && atMs <= toMs && visibleAtMs <= clock.nowMs())
      .toSorted((one, other) => other.atMs - one.atMs);
    const from = Number(nextToken ?? '0');
    const page = visible.slice(from, from + pageSize);
    return {
      found: page.map((event) => ({ id: event.id, atMs: event.atMs, record: recordOf(event) })),
      ...(from + pageSize < visible.length && { nextToken: String(from + pageSize) }),
    };
  };
  return Object.assign(lookUp, { calls });
};

/** Time that leaps to whatever is waited for. */
export const leapingClock = (startMs: number): LocalClock & { turnTo(ms: number): void } => {
  let now = startMs;
  return {
    nowMs: () => now,
    at: (atMs, run) => {
      let cancelled = false;
      queueMicrotask(() => {
        if (cancelled) return;
        now = Math.max(now, atMs);
        run();
      });
      return () => {
        cancelled = true;
      };
    },
    stop: () => undefined,
    turnTo: (ms) => {
      now = Math.max(now, ms);
    },
  };
};

export const linesOf = (): Log & { lines: string[] } => {
  const lines: string[] = [];
  const line = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, info: line('info'), warn: line('warn'), error: line('error') };
};

export const idsOf = (events: readonly BusEvent[]): string[] => events.map(({ id }) => id);
