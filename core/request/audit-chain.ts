import { createHash } from 'node:crypto';
import { canonicalJson } from '#core/canonical-json.ts';

/** What every chained entry has, whatever it is about. */
type Linked = { seq: number; previousHash: string; hash: string };

const hashOf = (entry: object): string => createHash('sha256').update(canonicalJson(entry)).digest('hex');

/** The entry that follows the one with hash `previousHash` (empty for the first). */
export const chain = <F extends { seq: number }>(
  previousHash: string,
  fact: F,
): F & Pick<Linked, 'previousHash' | 'hash'> => {
  const linked = { ...fact, previousHash };
  return { ...linked, hash: hashOf(linked) };
};

/**
 * The sequence number of the first entry that was changed, left out, added or moved; undefined when the chain is
 * whole.
 */
export const firstBreak = (entries: readonly Linked[], head: string): number | undefined => {
  let previousHash = '';
  for (const [index, { hash, ...rest }] of entries.entries()) {
    if (rest.seq !== index + 1 || rest.previousHash !== previousHash || hashOf(rest) !== hash) return index + 1;
    previousHash = hash;
  }
  return previousHash === head ? undefined : entries.length + 1;
};
