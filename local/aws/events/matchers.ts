import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { isObject, isScalar, type Scalar } from './flatten.ts';

/** What one element of a pattern's array asks of a leaf. */
export type Predicate = (value: Scalar) => boolean;

/** How a matcher is compiled, or the reason why it is no valid matcher. */
type Compiled = Predicate | string;

const never: Predicate = () => false;
const onText =
  (test: (text: string) => boolean): Predicate =>
  (value) =>
    typeof value === 'string' && test(value);
const fold = (text: string): string => text.toLowerCase();

/** The literals between wildcards; undefined for an escape that is not `\*` or `\\`, or for `**`. */
const wildcardParts = (wildcard: string): string[] | undefined => {
  const parts = [''];
  for (let at = 0; at < wildcard.length; at++) {
    const char = wildcard.charAt(at);
    if (char === '*') {
      if (parts.length > 1 && parts.at(-1) === '') return undefined;
      parts.push('');
      continue;
    }
    const literal = char === '\\' ? wildcard.charAt(++at) : char;
    if (char === '\\' && literal !== '*' && literal !== '\\') return undefined;
    parts[parts.length - 1] = `${parts.at(-1)}${literal}`;
  }
  return parts;
};

/** Linear in the text's length: the first part leads, the last one ends, those between follow one another. */
const fitsParts = (parts: readonly string[], text: string): boolean => {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
};

const wildcard = (operand: unknown): Compiled => {
  const parts = typeof operand === 'string' ? wildcardParts(operand) : undefined;
  if (!parts) return 'takes a text in which no two * follow one another and \\ escapes only * and \\';
  return onText((text) => fitsParts(parts, text));
};

const equalsIgnoreCase = (operand: unknown): Compiled => {
  if (typeof operand !== 'string') return 'takes a text';
  const wanted = fold(operand);
  return onText((text) => fold(text) === wanted);
};

/** `prefix` and `suffix`: a text, or `{"equals-ignore-case": text}`. */
const affix =
  (test: (text: string, affix: string) => boolean) =>
  (operand: unknown): Compiled => {
    if (typeof operand === 'string') return onText((text) => test(text, operand));
    const inner = isObject(operand) && Object.keys(operand).length === 1 ? operand['equals-ignore-case'] : undefined;
    if (typeof inner !== 'string') return 'takes a text or {"equals-ignore-case": text}';
    const wanted = fold(inner);
    return onText((text) => test(fold(text), wanted));
  };
const prefix = affix((text, start) => text.startsWith(start));
const suffix = affix((text, end) => text.endsWith(end));

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};
/** Event Ruler's range, both ends included. */
const largestNumber = 5e9;

const numeric = (operand: unknown): Compiled => {
  const wrong = 'takes ["=", n], one bound such as [">", n], or a lower and an upper one such as [">=", n, "<", m]';
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return wrong;
  const bounds: { sign: string; bound: number }[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const sign: unknown = operand[at];
    const bound: unknown = operand[at + 1];
    if (typeof sign !== 'string' || !(sign in comparisons) || typeof bound !== 'number') return wrong;
    if (Math.abs(bound) > largestNumber) return `compares numbers from -${largestNumber} to ${largestNumber} only`;
    bounds.push({ sign, bound });
  }
  const [lower, upper] = bounds;
  if (lower && upper && !(lower.sign.startsWith('>') && upper.sign.startsWith('<') && lower.bound < upper.bound)) {
    return wrong;
  }
  return (value) =>
    typeof value === 'number' && bounds.every(({ sign, bound }) => comparisons[sign]?.(value, bound) === true);
};

const cidr = (operand: unknown): Compiled => {
  const [network = '', bits = '', ...rest] = typeof operand === 'string' ? operand.split('/') : [];
  const most = isIPv4(network) ? 32 : isIPv6(network) ? 128 : -1;
  const length = /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (rest.length > 0 || !(length <= most)) return 'takes a network such as "10.0.0.0/24" or "2001:db8::/32"';
  const block = new BlockList();
  block.addSubnet(network, length, most === 32 ? 'ipv4' : 'ipv6');
  return onText((text) => {
    const version = isIP(text);
    return version !== 0 && block.check(text, version === 4 ? 'ipv4' : 'ipv6');
  });
};

const anythingButKinds: Readonly<Record<string, (operand: unknown) => Compiled>> = {
  prefix,
  suffix,
  wildcard,
  'equals-ignore-case': equalsIgnoreCase,
};

/** Every value that is there and is not excluded; a missing field never matches, since there is no value. */
const anythingBut = (operand: unknown): Compiled => {
  if (isObject(operand)) {
    const [entry, ...rest] = Object.entries(operand);
    const kind = entry && anythingButKinds[entry[0]];
    if (!entry || !kind || rest.length > 0) {
      return `takes one of ${Object.keys(anythingButKinds).join(', ')} when it takes an object`;
    }
    const excluded = (Array.isArray(entry[1]) ? entry[1] : [entry[1]]).map(kind);
    const broken = excluded.find((one) => typeof one === 'string');
    if (broken !== undefined || excluded.length === 0) return `${entry[0]} ${broken ?? 'takes at least one text'}`;
    return (value) => !excluded.some((one) => typeof one === 'function' && one(value));
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const alike = (['string', 'number'] as const).some((type) => excluded.every((value) => typeof value === type));
  if (excluded.length === 0 || !alike) return 'takes texts only or numbers only';
  return (value) => !excluded.includes(value);
};

const exists = (operand: unknown): Compiled =>
  typeof operand === 'boolean' ? (operand ? () => true : never) : 'takes true or false';

const kinds: Readonly<Record<string, (operand: unknown) => Compiled>> = {
  prefix,
  suffix,
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
  'anything-but': anythingBut,
  numeric,
  cidr,
  exists,
};

/** Words that Event Ruler reserves inside `$or`. */
export const isMatcherName = (name: string): boolean => Object.hasOwn(kinds, name);

/** `{"exists": false}` is about the path and not about a value, so whoever matches paths must ask for it. */
export const wantsAbsence = (matcher: unknown): boolean => isObject(matcher) && matcher.exists === false;

/** The predicate of one element of a pattern's array, or a text that says what is wrong with it. */
export const compileMatcher = (matcher: unknown): Compiled => {
  if (isScalar(matcher)) return (value) => value === matcher;
  if (!isObject(matcher)) return 'an array inside the array of values means nothing: list the values themselves';
  const [entry, ...rest] = Object.entries(matcher);
  if (!entry || rest.length > 0) return 'a matcher is an object with exactly one key';
  const kind = Object.hasOwn(kinds, entry[0]) ? kinds[entry[0]] : undefined;
  if (!kind) return `"${entry[0]}" is no matcher: use ${Object.keys(kinds).join(', ')}`;
  const compiled = kind(entry[1]);
  return typeof compiled === 'string' ? `"${entry[0]}" ${compiled}` : compiled;
};
