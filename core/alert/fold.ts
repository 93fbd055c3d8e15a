import { deadByOf, type Finding, type FoundSession } from '#core/detection/finding.ts';
import { msOf, toIso } from '#core/instant.ts';
import { sha256 } from '#core/sha256.ts';
import type { DomainEvent } from '#events/events.ts';
import type { Alert, OpenAlert } from './alert.ts';
import { alertEvent } from './alert-event.ts';
import { isWorse } from './severity.ts';

/** Findings with one key inside one such stretch of time are one alert. */
const windowMs = 60 * 60_000;

/** From here on an alert counts no further, and says so: a storm must not become a storm of writes. */
export const mostCounted = 2000;
export const mostNamedSessions = 50;
const mostNewest = 5;
const longerByMs = 5 * 60_000;
const mostDeeds = 100;
const mostCallers = 20;

/** Whether there may be sessions that it does not name, because it keeps only so many. */
export const mayHaveMore = ({ sessions, count }: Pick<Alert, 'sessions' | 'count'>): boolean =>
  sessions.length >= mostNamedSessions && count > sessions.length;

/** `at least 2000`, where it counts no further. */
export const timesSeen = ({ count }: Pick<Alert, 'count'>): string =>
  count < mostCounted ? String(count) : `at least ${count}`;

/** Counts at which `alert.repeated` is published, which is at most one reply in the alert's thread each: 20 in all. */
const toldAt: ReadonlySet<number> = new Set([
  ...Array.from({ length: 16 }, (_, index) => index + 2),
  50,
  200,
  1000,
  mostCounted,
]);

/**
 * The id that a finding's alert has. The window is fixed by the event's own time, so that a late or repeated delivery
 * finds the same alert. `generation` counts the alerts of one key and window: each begins once the one before was
 * revoked.
 */
export const alertIdOf = ({ dedupKey, at }: Pick<Finding, 'dedupKey' | 'at'>, generation: number): string => {
  return `alert-${sha256(JSON.stringify([dedupKey, windowOf({ at }), generation])).slice(0, 32)}`;
};

/** When the stretch of time begins in which the finding lies. */
export const windowOf = ({ at }: Pick<Finding, 'at'>): number => Math.floor(Date.parse(at) / windowMs) * windowMs;

export type AlertChange<A extends Alert = Alert> = { alert: A; events: readonly DomainEvent[] };

export const raised = (id: string, finding: Finding, at: string): AlertChange<OpenAlert> => {
  const alert: OpenAlert = {
    id,
    version: 1,
    status: 'open',
    detection: finding.detection,
    severity: finding.severity,
    first: finding,
    count: 1,
    newest: [],
    sessions: finding.session ? [finding.session] : [],
    seen: [seenAs(finding)],
    deeds: [deedOf(finding)],
    callers: [callerOf(finding)],
    raisedAt: at,
    lastSeenAt: at,
  };
  return { alert, events: [alertEvent('alert.raised', alert, at)] };
};

/**
 * What becomes of an alert when a finding with its key arrives: `changed`, `nothing` to do, or it belongs to a `next`
 * alert.
 */
export type Folded = { is: 'changed'; change: AlertChange } | { is: 'nothing' } | { is: 'next' };

/**
 * Counts a finding once per event id. An alert that was called expected goes on counting in its window what was seen
 * when that was said, done again, and nothing else; one that was revoked, or that nobody answered, is over: what comes
 * after either is a new alert.
 */
export const folded = (alert: Alert, finding: Finding, at: string): Folded => {
  if (alert.seen.includes(seenAs(finding))) return betterCopy(alert, finding);
  if (alert.status !== 'open' && (alert.answer.action !== 'expected' || isAnother(alert, finding)))
    return { is: 'next' };
  const worse = isWorse(finding.severity, alert.severity);
  if (alert.count >= mostCounted && !worse) return longerLived(alert, finding.session);
  const count = Math.min(alert.count + 1, mostCounted);
  const next: Alert = {
    ...alert,
    version: alert.version + 1,
    severity: worse ? finding.severity : alert.severity,
    count,
    newest: [...alert.newest, finding].slice(-mostNewest),
    sessions: withSession(alert.sessions, finding.session),
    seen: [...alert.seen, seenAs(finding)],
    deeds: joined(alert.deeds, deedOf(finding), mostDeeds),
    callers: joined(alert.callers, callerOf(finding), mostCallers),
    lastSeenAt: at,
  };
  const told = worse || toldAt.has(count);
  return { is: 'changed', change: { alert: next, events: told ? [alertEvent('alert.repeated', next, at)] : [] } };
};

/** Whether nobody who answered saw this: another deed, or a worse end of it. */
const isAnother = ({ deeds = [], severity }: Alert, finding: Finding): boolean =>
  !deeds.includes(deedOf(finding)) || isWorse(finding.severity, severity);

/** CloudTrail's ids are shorter; of a longer one there are to be as many as of those. */
const seenAs = ({ eventId }: Finding): string =>
  eventId.length <= 128 ? eventId : `sha256-${sha256(eventId).slice(0, 32)}`;

const deedOf = ({ deed, eventId }: Finding): string => sha256(deed ?? eventId).slice(0, 16);

const callerOf = ({ facts, by = 'unknown' }: Finding): string => facts.Caller ?? by;

/** The list with one more, once each and no longer than `most`. */
const joined = (list: readonly string[] = [], one: string, most: number): readonly string[] =>
  list.includes(one) || list.length >= most ? list : [...list, one];

/**
 * Past the bound an alert only takes in that a session which it names lives longer, since a deny must stay as long. One
 * that is used over and over would be a write each time, so it is taken to live until the next full five minutes.
 */
const longerLived = (alert: Alert, found: FoundSession | undefined): Folded => {
  const known = found && alert.sessions.find(({ userId }) => userId === found.userId);
  if (!known || deadByOf(known) >= deadByOf(found)) return { is: 'nothing' };
  const deadBy = toIso(Math.ceil(msOf(deadByOf(found)) / longerByMs) * longerByMs);
  const sessions = alert.sessions.map((session) => (session === known ? { ...found, deadBy } : session));
  return { is: 'changed', change: { alert: { ...alert, version: alert.version + 1, sessions }, events: [] } };
};

/** A session is known by its `aws:userid`; the one that is dead last decides how long a deny must stay. */
const withSession = (sessions: readonly FoundSession[], found: FoundSession | undefined): readonly FoundSession[] => {
  if (!found) return sessions;
  const known = sessions.find((session) => session.userId === found.userId);
  if (!known) return sessions.length < mostNamedSessions ? [...sessions, found] : sessions;
  const latest = deadByOf(known) >= deadByOf(found) ? known : found;
  return sessions.map((session) => (session === known ? latest : session));
};

/**
 * The two copies of a cross-account call have one id, and only the caller's says who called: it takes the other's
 * place.
 */
const betterCopy = (alert: Alert, finding: Finding): Folded => {
  const { first } = alert;
  const better =
    first.eventId === finding.eventId && Object.keys(finding.facts).length > Object.keys(first.facts).length;
  if (!better) return { is: 'nothing' };
  return { is: 'changed', change: { alert: { ...alert, version: alert.version + 1, first: finding }, events: [] } };
};
