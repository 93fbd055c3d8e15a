import { sha256 } from '#core/sha256.ts';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID that is always the same for the same instant and seed: https://github.com/ulid/spec, with the first 80 bits of
 * the seed's SHA-256 in place of randomness. Doing the same signed request again so meets the request that is already
 * there.
 */
export const derivedUlid = (atMs: number, seed: string): string => {
  const entropy = sha256(seed).slice(0, 20);
  let rest = (BigInt(atMs) << 80n) | BigInt(`0x${entropy}`);
  let id = '';
  for (let place = 0; place < 26; place++) {
    id = crockford.charAt(Number(rest & 31n)) + id;
    rest >>= 5n;
  }
  return id;
};
