import { isObject, joined, type Leaves, leavesOf, type Membership } from './flatten.ts';
import { compileMatcher, isMatcherName, type Predicate, wantsAbsence } from './matchers.ts';

/** An EventBridge event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export type EventPattern = Readonly<Record<string, unknown>>;

type Condition = { path: string; anyOf: readonly Predicate[]; orAbsent: boolean };

/** A pattern made ready for many events: give it an event's leaves. */
export type CompiledPattern = (leaves: Leaves) => boolean;

/** `$or` is the operator only for two or more objects that use no matcher's name as a field, as in Event Ruler. */
export const isOr = (key: string, value: unknown): value is readonly EventPattern[] =>
  key === '$or' &&
  Array.isArray(value) &&
  value.length > 1 &&
  value.every((branch) => isObject(branch) && !Object.keys(branch).some(isMatcherName));

const conditionOf = (path: string, values: readonly unknown[]): Condition => ({
  path,
  anyOf: values.map(compileMatcher).filter((one) => typeof one === 'function'),
  orAbsent: values.some(wantsAbsence),
});

/** All ways to satisfy a pattern, each a list of conditions that must hold together. */
const alternativesOf = (pattern: EventPattern, path: string): Condition[][] => {
  let ways: Condition[][] = [[]];
  const and = (more: Condition[][]): void => {
    ways = ways.flatMap((way) => more.map((other) => [...way, ...other]));
  };
  for (const [key, value] of Object.entries(pattern)) {
    const here = path ? `${path}.${key}` : key;
    if (isOr(key, value)) and(value.flatMap((branch) => alternativesOf(branch, path)));
    else if (isObject(value)) and(alternativesOf(value, here));
    else if (Array.isArray(value)) and([[conditionOf(here, value)]]);
    else and([]);
  }
  return ways;
};

/** Fields of one array of objects must come from the same element, and an absent field is absent from that element. */
const holds = (conditions: readonly Condition[], leaves: Leaves, within: Membership): boolean => {
  const [condition, ...rest] = conditions;
  if (!condition) return true;
  let absent = true;
  for (const leaf of leaves.get(condition.path) ?? []) {
    const together = joined(within, leaf.membership);
    if (!together) continue;
    absent = false;
    if (condition.anyOf.some((matches) => matches(leaf.value)) && holds(rest, leaves, together)) return true;
  }
  return absent && condition.orAbsent && holds(rest, leaves, within);
};

/** A pattern with a problem (see `checkPattern`) matches nothing where the problem lies. */
export const compilePattern = (pattern: EventPattern): CompiledPattern => {
  // Event Ruler walks the fields by name, which decides how absence inside arrays is seen.
  const ways = alternativesOf(pattern, '').map((way) => way.sort((a, b) => (a.path < b.path ? -1 : 1)));
  return (leaves) => ways.some((way) => way.length > 0 && holds(way, leaves, new Map()));
};

/** Whether the pattern matches the event, by Event Ruler's documented semantics. */
export const matches = (pattern: EventPattern, event: Readonly<Record<string, unknown>>): boolean =>
  compilePattern(pattern)(leavesOf(event));
