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

/** What is said of an entry to people. */
type Told = Linked & { at: string; actor: string; fact: string };

export type Break = { seq: number; said: string };

const called = ({ fact, actor, at }: Told): string => `${fact} by ${actor} at ${at}`;

/** Where the chain first is not as it was written, in words; undefined when it is whole. */
export const breakOf = (entries: readonly Told[], head: string): Break | undefined => {
  let previousHash = '';
  for (const [index, entry] of entries.entries()) {
    const seq = index + 1;
    const { hash, ...rest } = entry;
    if (rest.seq > seq) return { seq, said: `entry ${seq} is not there any more; the next is ${called(entry)}` };
    if (rest.seq < seq) return { seq, said: `entry ${seq} stands for one that is there already: ${called(entry)}` };
    if (hashOf(rest) !== hash) return { seq, said: `entry ${seq} was changed: it now says ${called(entry)}` };
    if (rest.previousHash !== previousHash)
      return { seq, said: `entry ${seq} does not follow the one before it, which was replaced: ${called(entry)}` };
    previousHash = hash;
  }
  const seq = entries.length + 1;
  if (previousHash === head) return undefined;
  return {
    seq,
    said: `it does not end where it was written last: after ${entries.length} entries some were taken or added`,
  };
};

/**
 * The sequence number of the first entry that was changed, left out, added or moved; undefined when the chain is
 * whole.
 */
export const firstBreak = (entries: readonly Told[], head: string): number | undefined => breakOf(entries, head)?.seq;

/**
 * A record whose chain is not as it was written, read by `read` and `audit`. Where it moved on between two reads it is
 * read again, since that is no break.
 */
export const brokenIn = async <R extends { version: number; auditHead: string }>(
  read: () => Promise<R | undefined>,
  audit: () => Promise<readonly Told[]>,
): Promise<{ record: R; broken: Break } | undefined> => {
  for (;;) {
    const record = await read();
    if (!record) return undefined;
    const broken = breakOf(await audit(), record.auditHead);
    if (!broken) return undefined;
    if ((await read())?.version === record.version) return { record, broken };
  }
};
