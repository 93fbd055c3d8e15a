import type { Window } from './lookup.ts';
import type { Mark } from './marks.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Each poll looks back this far behind the mark: events turn up minutes after they happened. */
const usualOverlapMs = 30 * minuteMs;
/** Once an hour a poll looks back further, for those that were later than usual. */
const deepOverlapMs = 6 * hourMs;
const deepEveryMs = hourMs;
/** A window is read to its end before the mark moves, so a long absence is read in pieces. */
const longestWindowMs = 6 * hourMs;
/** docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const retentionMs = 90 * 24 * hourMs;

/** Ids of events older than this behind the mark cannot turn up again. */
export const rememberedMs = deepOverlapMs + hourMs;

export type Plan = {
  /** Oldest first, each to be read to its end. */
  windows: readonly Window[];
  deep: boolean;
  /** The time that is older than what CloudTrail keeps: nobody can read it any more. */
  lostMs: number;
};

/** What has to be read now, given how far it was read. Never before watching began. */
export const planOf = ({ sinceMs, readToMs, deepAtMs }: Mark, nowMs: number): Plan => {
  const deep = nowMs - deepAtMs >= deepEveryMs;
  const oldestMs = nowMs - retentionMs;
  const fromMs = Math.max(sinceMs, oldestMs, readToMs - (deep ? deepOverlapMs : usualOverlapMs));
  const windows: Window[] = [];
  for (let startMs = fromMs; startMs < nowMs || windows.length === 0; startMs += longestWindowMs) {
    windows.push({ fromMs: startMs, toMs: Math.max(startMs, Math.min(nowMs, startMs + longestWindowMs)) });
  }
  return { windows, deep, lostMs: Math.max(0, oldestMs - readToMs) };
};
