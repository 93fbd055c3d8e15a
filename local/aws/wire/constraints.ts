import { AwsError } from '../service.ts';

/** The checks that Query services make of their input before anything else, in their words. */
export type Input = Readonly<Record<string, unknown>>;

export const validationError = (message: string): AwsError => new AwsError('ValidationError', message, 400);

/** Lengths are counted in UTF-16 units. The pattern must fit the whole value. */
export type TextLimits = { least: number; most: number; pattern?: RegExp };

/** Gathers everything that is wrong with an input, so that one answer tells all of it. */
export type Constraints = {
  required(input: Input, member: string, at: string, limits: TextLimits): string;
  optional(input: Input, member: string, at: string, limits: TextLimits): string | undefined;
  integer(input: Input, member: string, at: string, range: { least: number; most: number }): number | undefined;
  list(input: Input, member: string, at: string, most: number): readonly unknown[];
  text(value: unknown, at: string, limits: TextLimits): string;
  fail(value: unknown, at: string, constraint: string): void;
  /** Throws ValidationError when anything was wrong. */
  settle(): void;
};

export const constraints = (): Constraints => {
  const problems: string[] = [];
  const fail = (value: unknown, at: string, constraint: string): void => {
    const shown = value === undefined ? 'null' : `'${String(value)}'`;
    problems.push(`Value ${shown} at '${at}' failed to satisfy constraint: Member must ${constraint}`);
  };
  const text = (value: unknown, at: string, { least, most, pattern }: TextLimits): string => {
    if (value === undefined) fail(value, at, 'not be null');
    else if (typeof value !== 'string') fail(typeof value, at, 'be a string');
    else {
      if (value.length < least) fail(value, at, `have length greater than or equal to ${least}`);
      if (value.length > most) fail(value, at, `have length less than or equal to ${most}`);
      if (pattern && !new RegExp(`^(?:${pattern.source})$`, 'u').test(value)) {
        fail(value, at, `satisfy regular expression pattern: ${pattern.source}`);
      }
      return value;
    }
    return '';
  };
  return {
    fail,
    text,
    required: (input, member, at, limits) => text(input[member], at, limits),
    optional: (input, member, at, limits) =>
      input[member] === undefined ? undefined : text(input[member], at, limits),
    integer: (input, member, at, { least, most }) => {
      const value = input[member];
      if (value === undefined) return undefined;
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        fail(value, at, 'be an integer');
        return undefined;
      }
      if (value < least) fail(value, at, `have value greater than or equal to ${least}`);
      if (value > most) fail(value, at, `have value less than or equal to ${most}`);
      return value;
    },
    list: (input, member, at, most) => {
      const value = input[member];
      if (value === undefined) return [];
      if (!Array.isArray(value)) {
        fail(value, at, 'be a list');
        return [];
      }
      if (value.length > most) fail(`[${value.length} members]`, at, `have length less than or equal to ${most}`);
      return value;
    },
    settle: () => {
      if (problems.length === 0) return;
      const plural = problems.length === 1 ? 'error' : 'errors';
      throw validationError(`${problems.length} validation ${plural} detected: ${problems.join('; ')}`);
    },
  };
};

const tagKey: TextLimits = { least: 1, most: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u };
const tagValue: TextLimits = { least: 0, most: 256, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u };
export const mostTags = 50;

/** `Tags`, in the order given; the keys may still repeat. */
export const readTags = (check: Constraints, input: Input): [key: string, value: string][] =>
  check.list(input, 'Tags', 'tags', mostTags).map((item, index) => {
    const tag = (typeof item === 'object' && item !== null ? item : {}) as Input;
    const at = `tags.${index + 1}.member`;
    return [check.required(tag, 'Key', `${at}.key`, tagKey), check.required(tag, 'Value', `${at}.value`, tagValue)];
  });

/** `TagKeys`, `TransitiveTagKeys`. */
export const readTagKeys = (check: Constraints, input: Input, member: string, at: string): string[] =>
  check.list(input, member, at, mostTags).map((key, index) => check.text(key, `${at}.${index + 1}.member`, tagKey));

/** Tag keys ignore case. */
export const hasDuplicates = (keys: readonly string[]): boolean =>
  new Set(keys.map((key) => key.toLowerCase())).size !== keys.length;
