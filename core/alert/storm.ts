import type { Finding } from '#core/detection/finding.ts';
import { windowOf } from './fold.ts';

/**
 * One thing that somebody did is one alert, so whoever does a thousand raises a thousand, and nobody sees the one that
 * matters. Of one detection on one role in one hour there are at most this many of one caller, and this many of all;
 * what goes beyond is held by one alert of the caller's, and at last by one of the role's.
 */
export const mostOfCaller = 5;
export const mostOfRole = 20;

/** A group of alerts that may have so many members. */
export type Group = { id: string; most: number };

/** A place that a finding may take: an alert of its own key, if these groups have room for it. */
export type Place = { finding: Finding; within: readonly Group[] };

/**
 * Where the finding may go, the first that has room; the last always has. What no event brought is none of many.
 */
export const placesFor = (finding: Finding): readonly [Place, ...Place[]] => {
  const { detection, accountId, roleArn, by } = finding;
  if (by === undefined) return [{ finding, within: [] }];
  const hour = windowOf(finding);
  const role = { id: JSON.stringify([detection, accountId, roleArn, hour]), most: mostOfRole };
  const caller = { id: JSON.stringify([detection, accountId, roleArn, hour, by]), most: mostOfCaller };
  const about = `${detection}:storm:${accountId}:${roleArn}`;
  return [
    { finding, within: [caller, role] },
    { finding: { ...finding, dedupKey: `${about}:${by}`, holds: 'further of caller' }, within: [role] },
    { finding: { ...finding, dedupKey: about, holds: 'further of role' }, within: [] },
  ];
};
