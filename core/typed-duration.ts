import { parseDuration } from './duration.ts';

const unitNames: readonly (readonly [unit: string, names: string])[] = [
  ['d', 'd|days?'],
  ['h', 'h|hrs?|hours?'],
  ['m', 'm|mins?|minutes?'],
  ['s', 's|secs?|seconds?'],
];

/**
 * A duration as people type it, in seconds: besides what `parseDuration` reads, units may be spelled out (`1h30min`,
 * `20mins`), the minutes after hours need no unit (`1h30`), and what stands around it is left away (`~20m`, `45m,`).
 * Undefined for everything else.
 */
export const typedDuration = (typed: string): number | undefined => {
  const bare = typed.replace(/^[~\u2248]/u, '').replace(/[,;:.]$/, '');
  const whole = bare.replace(/^(\d{1,9}h)(\d{1,2})$/, '$1$2m');
  const parts = [...whole.matchAll(/(\d{1,9})([a-z]+)/g)].map(([, amount = '', name = '']) => {
    const unit = unitNames.find(([, names]) => new RegExp(`^(?:${names})$`).test(name))?.[0];
    return { text: amount + name, short: unit && amount + unit };
  });
  if (parts.map(({ text }) => text).join('') !== whole) return undefined;
  return parseDuration(parts.map(({ short = 'x' }) => short).join(''));
};
