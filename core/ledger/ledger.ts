import { isPastByBothClocks, laterOf, latestOf } from '#core/instant.ts';
import {
  type Covered,
  deniedBefore,
  joined,
  type LedgerEntry,
  lastIssueOf,
  subjectOf,
  type Watermark,
} from './entry.ts';
import { collapsed } from './overflow.ts';

export {
  type Covered,
  deniedBefore,
  type LedgerEntry,
  lineOf,
  revocationOf,
  type Watermark,
} from './entry.ts';

/**
 * Per role: what is revoked and until when that matters. The deny policy is a pure function of it. All instants ISO
 * 8601 UTC.
 */
export type Ledger = {
  roleArn: string;
  /** Counts the writes of this item; 0 for a ledger that was never stored. */
  version: number;
  /** Counts the changes of what is revoked. */
  entriesVersion: number;
  /** The newest `entriesVersion` whose document was read back from the role. */
  appliedVersion: number;
  entries: readonly LedgerEntry[];
  /** Every session of the role issued before this is denied. */
  watermark?: Watermark;
  /** Digest of the document that was read back last. A role that shows another one was changed by somebody else. */
  appliedDigest?: string;
  /** How fast the role was written to lately, see `pace.ts`. */
  pace?: Pace;
  /** How often the deny was put back after somebody else had changed it, and when that was last. */
  restored?: { at: string; count: number };
  /** The role was not there when the document was to be written: whoever held a session of it holds nothing. */
  roleGone?: boolean;
};

export type Pace = { level: number; atMs: number };

export const emptyLedger = (roleArn: string): Ledger => ({
  roleArn,
  version: 0,
  entriesVersion: 0,
  appliedVersion: 0,
  entries: [],
});

/** More never fit into one policy, and all of them together have to fit into one database item. */
const mostEntries = 400;

/** Each subject once, with the latest of its times. */
const mergedEntries = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => {
  const bySubject = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const known = bySubject.get(subjectOf(entry));
    bySubject.set(
      subjectOf(entry),
      known
        ? {
            ...known,
            ...entry,
            revokedAt: laterOf(known.revokedAt, entry.revokedAt),
            coversUntil: laterOf(known.coversUntil, entry.coversUntil),
            ...lastIssueOf([known, entry]),
          }
        : entry,
    );
  }
  return bySubject.size === entries.length ? entries : [...bySubject.values()];
};

const isAlive = ({ coversUntil }: { coversUntil: string }, nowMs: number): boolean =>
  !isPastByBothClocks(coversUntil, nowMs);

/** What of it still matters: entries and a watermark whose last credential is dead deny nobody any more. */
const alive = ({ entries, watermark }: Covered, nowMs: number): Covered => ({
  entries: entries.filter((entry) => isAlive(entry, nowMs)),
  ...(watermark && isAlive(watermark, nowMs) && { watermark }),
});

const fewer = (covered: Covered): Covered =>
  covered.entries.length > mostEntries ? fewer(collapsed(covered)) : covered;

const changedTo = ({ watermark: _, ...ledger }: Ledger, covered: Covered): Ledger => ({
  ...ledger,
  entriesVersion: ledger.entriesVersion + 1,
  ...fewer(covered),
});

const isKnown = (entries: readonly LedgerEntry[], entry: LedgerEntry): boolean =>
  entries.some(
    (other) =>
      subjectOf(other) === subjectOf(entry) &&
      other.revokedAt >= entry.revokedAt &&
      other.coversUntil >= entry.coversUntil &&
      (other.lastIssuedAt ?? '') >= (entry.lastIssuedAt ?? ''),
  );

/**
 * The ledger with more revocations, without those whose last credential is dead. Revoking again is nothing new: where
 * nothing changes it is the ledger itself.
 */
export const withEntries = (ledger: Ledger, added: readonly LedgerEntry[], nowMs: number): Ledger => {
  const news = added.filter((entry) => isAlive(entry, nowMs) && !isKnown(ledger.entries, entry));
  if (news.length === 0) return pruned(ledger, nowMs);
  const { entries, ...rest } = alive(ledger, nowMs);
  return changedTo(ledger, { ...rest, entries: mergedEntries([...entries, ...news]) });
};

/**
 * The ledger with the whole role revoked; itself where it holds that already, or where every session that it covers is
 * dead. Never lowers a time that is there.
 */
export const withWatermark = (ledger: Ledger, added: Watermark, nowMs: number): Ledger => {
  const { entries, watermark: known } = alive(ledger, nowMs);
  const watermark = joined(known ? [added, known] : [added]);
  if (!isAlive(added, nowMs) || (known && isSame(known, watermark))) return pruned(ledger, nowMs);
  return changedTo(ledger, { entries, watermark });
};

const isSame = (one: Watermark, other: Watermark): boolean =>
  deniedBefore(one) === deniedBefore(other) &&
  one.coversUntil === other.coversUntil &&
  one.cause?.kind === other.cause?.kind;

/** The ledger without what denies nobody any more; itself where everything still matters. */
export const pruned = (ledger: Ledger, nowMs: number): Ledger => {
  const covered = alive(ledger, nowMs);
  const same = covered.entries.length === ledger.entries.length && !covered.watermark === !ledger.watermark;
  return same ? ledger : changedTo(ledger, covered);
};

/** The ledger after its entries did not fit into the policy, see `collapsed`. */
export const withLess = (ledger: Ledger): Ledger => changedTo(ledger, collapsed(ledger));

/**
 * Sessions of this person that are issued before this instant are denied by what stands for more than one session,
 * whatever their grant; empty where nothing does.
 */
export const everyOneDeniedBefore = ({ entries, watermark }: Covered, personId: string): string =>
  latestOf(
    [
      ...entries.filter((entry) => 'everyOf' in entry && entry.everyOf === personId),
      ...(watermark ? [watermark] : []),
    ].map(deniedBefore),
  );

/** Whether anybody is denied by it. */
export const deniesAnybody = ({ entries, watermark }: Covered): boolean =>
  entries.length > 0 || watermark !== undefined;
