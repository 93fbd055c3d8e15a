import { randomBytes } from 'node:crypto';

/** Random bytes, injected so that a test can name its ids. */
export type RandomBytes = (size: number) => Uint8Array;
export const systemRandom: RandomBytes = (size) => randomBytes(size);

/** The alphabet of AWS unique ids. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `AKIA` and `ASIA` for access keys (20 characters), `AROA`, `AIDA`, `ANPA` for principals and policies (21). */
export type IdPrefix = 'AKIA' | 'ASIA' | 'AROA' | 'AIDA' | 'ANPA';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
export const newId = (prefix: IdPrefix, random: RandomBytes): string => {
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  return prefix + Array.from(random(length), (byte) => alphabet[byte % 32] ?? 'A').join('');
};
