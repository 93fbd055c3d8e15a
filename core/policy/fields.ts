import * as z from 'zod/mini';
import { durationPattern, parseDuration } from '#core/duration.ts';

/** How far away anything in the policy may lie. A grant that lives longer is standing access by another name. */
const longestInPolicySec = 30 * 86_400;

export const matching = (pattern: RegExp, message: string, description: string, most = 256) =>
  z.string(message).check(z.regex(pattern, message), z.maxLength(most, message), z.describe(description));

export const line = (most: number, description: string) => {
  const message = `Write one line of 1 to ${most} characters. If it looks like a number, put it in quotes.`;
  return matching(/^(?=.*\S)[^\p{Cc}]+$/u, message, description, most);
};

export const duration = (description: string) => {
  const message = 'This is not a duration.\nWrite whole numbers with units, the larger first: 5s, 30m, 1h30m, 8h, 1d.';
  return z.string(message).check(
    z.regex(durationPattern, message),
    z.refine(
      (text: string) => !durationPattern.test(text) || /[1-9]/.test(text),
      'A duration must be longer than nothing.',
    ),
    z.refine((text: string) => {
      const sec = parseDuration(text);
      return !durationPattern.test(text) || !/[1-9]/.test(text) || (sec !== undefined && sec <= longestInPolicySec);
    }, 'A duration may be at most 30d.'),
    z.describe(description),
  );
};

const nameMessage =
  'A name here is lower-case letters, digits and dashes, and starts with a letter, like orders-admin.';
export const name = (description: string) => matching(/^[a-z][a-z0-9-]*$/, nameMessage, description, 50);

export const listOf = <T extends z.core.$ZodType>(item: T, description: string) =>
  z
    .array(item, 'Write a list, in square brackets or with a dash before each line.')
    .check(z.maxLength(1000, 'A list has at most 1000 lines.'), z.describe(description));
export const groupNames = (description: string) => listOf(name('A group of `groups`.'), description);

export const oneOrMore = <T extends z.core.$ZodType>(item: T, message: string, description: string) =>
  z.union([item, z.array(item).check(z.minLength(1, message))], message).check(z.describe(description));

export const section = <T extends z.core.$ZodLooseShape>(shape: T, description: string) =>
  z.strictObject(shape).check(z.describe(description));
