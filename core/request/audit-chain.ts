import { createHash } from 'node:crypto';
import { canonicalJson } from '#core/canonical-json.ts';
import type { AuditEntry } from './audit.ts';

const hashOf = (entry: Omit<AuditEntry, 'hash'>): string =>
  createHash('sha256').update(canonicalJson(entry)).digest('hex');

/** The entry that follows the one with hash `previousHash` (empty for the first). */
export const chain = (previousHash: string, fact: Omit<AuditEntry, 'previousHash' | 'hash'>): AuditEntry => {
  const linked = { ...fact, previousHash };
  return { ...linked, hash: hashOf(linked) };
};

/** The sequence number of the first entry that was changed, left out, added or moved; undefined when the chain is whole. */
export const firstBreak = (entries: readonly AuditEntry[], head: string): number | undefined => {
  let previousHash = '';
  for (const [index, { hash, ...rest }] of entries.entries()) {
    if (rest.seq !== index + 1 || rest.previousHash !== previousHash || hashOf(rest) !== hash) return index + 1;
    previousHash = hash;
  }
  return previousHash === head ? undefined : entries.length + 1;
};
