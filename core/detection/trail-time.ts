import { toIso } from '#core/instant.ts';

/**
 * CloudTrail writes instants in four ways: `2026-07-01T12:08:19Z` (eventTime, creationDate), `20131102T010628Z`
 * (creationDate), `Sep 17, 2020 8:04:10 PM` and `Jul 1, 2026, 12:08:19 PM` (credentials.expiration).
 */
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?Z$/;
const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
// The space before AM and PM may be a narrow no-break one: Java's formatter changed it.
const words = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)[ \u202f]([AP]M)$/;

/** UTC; undefined for a date that no calendar has. */
const instant = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): string | undefined => {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const exact = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return exact && minute < 60 && second < 60 && year > 1999 ? toIso(ms) : undefined;
};

/** The instant as ISO 8601 UTC to the second, or undefined for what is none of the four. */
export const trailTime = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const digits = iso.exec(value) ?? basic.exec(value);
  if (digits) {
    const [, year, month, day, hour, minute, second] = digits.map(Number);
    return instant(year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0);
  }
  const [, month = '', day, year, hour, minute, second, half] = words.exec(value) ?? [];
  if (half === undefined || Number(hour) < 1 || Number(hour) > 12) return undefined;
  const hour24 = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return instant(Number(year), months.indexOf(month) + 1, Number(day), hour24, Number(minute), Number(second));
};
