/** Times as the reader's own clock shows them. `zone` is an IANA name; without it, the reader's. */

type Where = { locale?: string | undefined; zone?: string | undefined };

const format = (date: Date, options: Intl.DateTimeFormatOptions, where: Where): string =>
  new Intl.DateTimeFormat(where.locale, { ...options, ...(where.zone ? { timeZone: where.zone } : {}) }).format(date);

const day = (date: Date, where: Where): string =>
  new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(where.zone ? { timeZone: where.zone } : {}) }).format(
    date,
  );

const dayMs = 86_400_000;

/** `today`, `yesterday` or `tomorrow`, where the date is one of these. */
const nearDay = (date: Date, now: Date, where: Where): string | undefined => {
  const names: [number, string][] = [
    [0, 'today'],
    [-dayMs, 'yesterday'],
    [dayMs, 'tomorrow'],
  ];
  return names.find(([offset]) => day(new Date(now.getTime() + offset), where) === day(date, where))?.[1];
};

/** `3 minutes ago`, `in 2 hours`. */
export const relative = (date: Date, now: Date, locale?: string): string => {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ];
  const [size, unit] = steps.find(([each]) => Math.abs(seconds) >= each) ?? [1, 'second'];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
};

export const clockTime = (date: Date, where: Where = {}): string =>
  format(date, { hour: '2-digit', minute: '2-digit' }, where);

export const clockTimeWithSeconds = (date: Date, where: Where = {}): string =>
  format(date, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, where);

export const fullTime = (date: Date, where: Where = {}): string =>
  format(date, { dateStyle: 'full', timeStyle: 'long' }, where);

/** The line between two days: `Today`, `Yesterday`, `Friday, 20 November`. */
export const dayTitle = (date: Date, now: Date, where: Where = {}): string => {
  const near = nearDay(date, now, where);
  return near
    ? `${near[0]?.toUpperCase()}${near.slice(1)}`
    : format(date, { weekday: 'long', day: 'numeric', month: 'long' }, where);
};

/** A message's `ts`. */
export const tsDate = (ts: string): Date => new Date(Number(ts.split('.')[0]) * 1000);

/** The tokens of Slack's `<!date^…>`: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export const slackDate = (unixSec: number, template: string, now: Date, where: Where = {}): string => {
  const date = new Date(unixSec * 1000);
  const sameYear = day(date, where).slice(0, 4) === day(now, where).slice(0, 4);
  const year: Intl.DateTimeFormatOptions = sameYear ? {} : { year: 'numeric' };
  const long = (): string => format(date, { weekday: 'long', month: 'long', day: 'numeric', ...year }, where);
  const middle = (): string => format(date, { month: 'long', day: 'numeric', ...year }, where);
  const short = (): string => format(date, { month: 'short', day: 'numeric', ...year }, where);
  const pretty = (plain: () => string): string => nearDay(date, now, where) ?? plain();
  const tokens: Readonly<Record<string, () => string>> = {
    date_num: () => day(date, where),
    date: middle,
    date_short: short,
    date_long: long,
    date_pretty: () => pretty(middle),
    date_short_pretty: () => pretty(short),
    date_long_pretty: () => pretty(long),
    time: () => clockTime(date, where),
    time_secs: () => clockTimeWithSeconds(date, where),
    ago: () => relative(date, now, where.locale),
  };
  return template.replace(
    /\{(\w+)\}/g,
    (whole, name: string) => (Object.hasOwn(tokens, name) ? tokens[name]?.() : undefined) ?? whole,
  );
};
