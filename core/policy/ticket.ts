import { cut } from '#core/clip.ts';
import type { Policy } from './policy.ts';
import { longestReason } from './reason.ts';

const longestPattern = 200;
/** Ways to try a pattern on the longest reason. Below it a search ends within a fraction of a second. */
const mostWays = 300_000_000;

type Repetition = { min: number; max: number; length: number };

const repetitionAt = (source: string, at: number): Repetition | undefined => {
  const [whole, symbol, from, comma, to] = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(source.slice(at)) ?? [];
  if (whole === undefined) return undefined;
  const length = whole.length;
  if (symbol === '?') return { min: 0, max: 1, length };
  if (symbol !== undefined) return { min: symbol === '+' ? 1 : 0, max: Number.POSITIVE_INFINITY, length };
  const min = Number(from);
  if (comma === '') return { min, max: min, length };
  return { min, max: to === '' ? Number.POSITIVE_INFINITY : Number(to), length };
};

/**
 * How many ways a backtracking search may have to try, as an upper bound: each choice multiplies. Undefined when a
 * repeated group contains a choice of its own, which multiplies without bound (`(a+)+`).
 */
const waysToTry = (source: string): number | undefined => {
  const opened: { choices: boolean }[] = [{ choices: false }];
  let ways = longestReason;
  let at = 0;
  const chose = (options: number) => {
    ways *= options;
    for (const group of opened) group.choices = true;
  };
  while (at < source.length) {
    let closed: { choices: boolean } | undefined;
    if (source[at] === '\\') at += 2;
    else if (source[at] === '[') at = endOfClass(source, at);
    else {
      if (source[at] === '(') {
        opened.push({ choices: false });
        at = source[at + 1] === '?' ? at + 2 : at + 1;
        continue;
      }
      if (source[at] === ')') closed = opened.pop();
      if (source[at] === '|') chose(2);
      at += 1;
    }
    const repetition = repetitionAt(source, at);
    if (repetition === undefined) continue;
    if (closed?.choices === true && repetition.max > 1) return undefined;
    const options = Math.min(repetition.max, longestReason) - Math.min(repetition.min, longestReason) + 1;
    if (options > 1) chose(options);
    at += repetition.length;
  }
  return ways;
};

const endOfClass = (source: string, opensAt: number): number => {
  let at = opensAt + 1;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
};

/** What is wrong with a ticket pattern, as a sentence; undefined if it may be used. */
export const ticketPatternProblem = (source: string): string | undefined => {
  if (source === '') return 'The pattern is empty, so it would find a ticket in everything.';
  if (source.length > longestPattern) return `The pattern is longer than ${longestPattern} characters.`;
  let compiled: RegExp;
  try {
    compiled = new RegExp(source, 'u');
  } catch {
    return 'The pattern is not a regular expression that JavaScript can read.';
  }
  const ways = waysToTry(source);
  if (ways === undefined)
    return 'A repeated group of the pattern repeats or chooses again inside it, which can take for ever.';
  if (ways > mostWays) return 'The pattern has too many repetitions in a row, which can take for ever.';
  if (compiled.test('')) return 'The pattern matches nothing at all, so it would find a ticket in everything.';
  return undefined;
};

/** The first ticket in the first 500 characters of a reason, or undefined. */
export const ticketIn = (policy: Pick<Policy, 'requests'>, reason: string): string | undefined => {
  const { ticketPattern } = policy.requests;
  if (ticketPattern === undefined) return undefined;
  return new RegExp(ticketPattern, 'u').exec(cut(reason, longestReason))?.[0] || undefined;
};
