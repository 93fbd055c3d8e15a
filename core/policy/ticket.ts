import { compile, TooLong } from '#core/pattern/compile.ts';
import { RefersBack } from '#core/pattern/parse.ts';
import { search } from '#core/pattern/search.ts';
import type { Policy } from './policy.ts';
import { longestReason } from './reason.ts';

const longestPattern = 200;

const compiles = (source: string): boolean => {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

/** What is wrong with a ticket pattern, as a sentence; undefined if it may be used. */
export const ticketPatternProblem = (source: string): string | undefined => {
  if (source === '') return 'The pattern is empty, so it would find a ticket in everything.';
  if (source.length > longestPattern) return `The pattern is longer than ${longestPattern} characters.`;
  if (!compiles(source)) return 'The pattern is not a regular expression that JavaScript can read.';
  try {
    if (search(compile(source), []) === undefined) return undefined;
    return 'The pattern matches nothing at all, so it would find a ticket in everything.';
  } catch (error) {
    if (error instanceof RefersBack) return 'The pattern refers back to what a group matched, which can take for ever.';
    if (error instanceof TooLong) return 'The pattern repeats too much by count, which makes a search long.';
    throw error;
  }
};

/** What stands around a ticket in a sentence, where a pattern takes it along. */
const around = '[\\s,;:()[\\]{}<>"\'`]+';
const aroundIt = new RegExp(`^${around}|${around}$`, 'g');

/**
 * The first ticket in the first 500 characters of a reason, or undefined: the group `ticket` of the pattern, or what
 * the whole of it matched, without white space and brackets around it.
 */
export const ticketIn = (policy: Pick<Policy, 'requests'>, reason: string): string | undefined => {
  const { ticketPattern } = policy.requests;
  if (ticketPattern === undefined) return undefined;
  const chars = [...reason].slice(0, longestReason);
  const found = search(compile(ticketPattern), chars);
  if (found === undefined) return undefined;
  const { from, to } = found.marked ?? found;
  return chars.slice(from, to).join('').replace(aroundIt, '') || undefined;
};
