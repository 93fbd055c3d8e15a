import { isObject } from './flatten.ts';
import { compileMatcher } from './matchers.ts';
import { isOr } from './pattern.ts';

/** Default quota, in characters of JSON: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const longestPattern = 2048;

const problemsIn = (pattern: Readonly<Record<string, unknown>>, path: string): string[] => {
  const entries = Object.entries(pattern);
  if (entries.length === 0)
    return [`${path || 'the pattern'}: is empty, which matches nothing; name at least one field`];
  return entries.flatMap(([key, value]) => {
    const here = path ? `${path}.${key}` : key;
    if (isOr(key, value)) return value.flatMap((branch, index) => problemsIn(branch, `${here}[${index}]`));
    if (key === '$or') return [`${here}: needs an array of two or more patterns`];
    if (isObject(value)) return problemsIn(value, here);
    if (!Array.isArray(value)) return [`${here}: a value stands in an array, for example ${JSON.stringify([value])}`];
    if (value.length === 0) return [`${here}: the array is empty, which matches nothing`];
    return value.flatMap((matcher) => {
      const compiled = compileMatcher(matcher);
      return typeof compiled === 'string' ? [`${here}: ${compiled}`] : [];
    });
  });
};

/** Every problem of an event pattern, each with the path it is at; empty for a good one. */
export const checkPattern = (pattern: unknown): string[] => {
  if (!isObject(pattern)) return ['the pattern: must be a JSON object'];
  const { length } = JSON.stringify(pattern);
  const tooLong =
    length > longestPattern ? [`the pattern: has ${length} characters, ${longestPattern} are allowed`] : [];
  return [...tooLong, ...problemsIn(pattern, '')];
};
