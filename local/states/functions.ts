import { createHash } from 'node:crypto';
import { toIso } from '#core/instant.ts';
import { type Entropy, seededUnit } from './entropy.ts';

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** `$range` and `$partition` stop here, as the JSONPath intrinsic `States.ArrayRange` does. */
const longestRange = 1000;

const partition = (items: unknown, size: unknown): unknown => {
  if (items === undefined) return undefined;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) {
    throw new Error('$partition needs a positive whole number as its size.');
  }
  const all = Array.isArray(items) ? items : [items];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
};

const range = (first: unknown, last: unknown, stride: unknown): number[] => {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof stride !== 'number' || stride === 0) {
    throw new Error('$range needs three numbers: first, last and a step that is not 0.');
  }
  const length = Math.max(0, Math.floor((last - first) / stride) + 1);
  if (length > longestRange) throw new Error(`$range gives at most ${longestRange} numbers, not ${length}.`);
  return Array.from({ length }, (_, at) => first + at * stride);
};

const hash = (text: unknown, algorithm: unknown): string | undefined => {
  if (text === undefined) return undefined;
  const name = typeof algorithm === 'string' ? algorithms[algorithm] : undefined;
  if (name === undefined) throw new Error(`$hash knows ${Object.keys(algorithms).join(', ')}.`);
  return createHash(name)
    .update(typeof text === 'string' ? text : JSON.stringify(text))
    .digest('hex');
};

const parse = (text: unknown): unknown => {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('$parse needs a string.');
  return JSON.parse(text);
};

/**
 * What Step Functions adds to JSONata, and its clock.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export const jsonataExtras = (nowMs: number, entropy: Entropy): Record<string, unknown> => ({
  partition,
  range,
  hash,
  parse,
  random: (seed: unknown) => (typeof seed === 'number' ? seededUnit(seed) : entropy.unit()),
  uuid: () => entropy.uuid(),
  millis: () => nowMs,
  now: () => toIso(nowMs),
});
