const daySec = 86_400;
const units = [
  { sec: daySec, compact: 'd', short: 'd', word: 'day' },
  { sec: 3_600, compact: 'h', short: 'h', word: 'hour' },
  { sec: 60, compact: 'm', short: 'min', word: 'minute' },
  { sec: 1, compact: 's', short: 's', word: 'second' },
] as const;

/** A Standard execution of Step Functions lives at most a year, so nothing that Daypass waits for may be longer. */
export const longestDurationSec = 365 * daySec;

/**
 * What `parseDuration` reads, before the length is checked: whole numbers, larger units first, nothing between them.
 */
export const durationPattern = /^(?=\d)(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?$/;

/**
 * `20s`, `30m`, `1h30m`, `1d` as whole seconds. Undefined for everything else: no unit, a sign, a fraction, spaces,
 * capitals (is `M` a month?), zero, and more than 365 days.
 */
export const parseDuration = (text: string): number | undefined => {
  if (!durationPattern.test(text)) return undefined;
  let totalSec = 0;
  for (const unit of units) {
    const amount = new RegExp(`(\\d+)${unit.compact}`).exec(text)?.[1] ?? '0';
    totalSec += Number(amount) * unit.sec;
  }
  return totalSec > 0 && totalSec <= longestDurationSec ? totalSec : undefined;
};

type Unit = (typeof units)[number];

/** Seconds are cut to whole ones; nothing and less is zero seconds. */
const written = (durationSec: number, separator: string, write: (amount: number, unit: Unit) => string): string => {
  let restSec = Math.max(0, Math.floor(durationSec));
  const parts: string[] = [];
  for (const unit of units) {
    const amount = Math.floor(restSec / unit.sec);
    restSec -= amount * unit.sec;
    if (amount > 0 || (unit.sec === 1 && parts.length === 0)) parts.push(write(amount, unit));
  }
  return parts.join(separator);
};

/** For cards and tables: `1 h 30 min`. */
export const formatDuration = (durationSec: number): string =>
  written(durationSec, ' ', (amount, unit) => `${amount} ${unit.short}`);

/** For sentences: `1 hour 30 minutes`. */
export const durationInWords = (durationSec: number): string =>
  written(durationSec, ' ', (amount, unit) => `${amount} ${unit.word}${amount === 1 ? '' : 's'}`);

/** As a person types it, and as `parseDuration` reads it: `1h30m`. */
export const compactDuration = (durationSec: number): string =>
  written(durationSec, '', (amount, unit) => `${amount}${unit.compact}`);
