import { addMs, isPastByBothClocks, laterOf, latestOf } from '#core/instant.ts';
import { coversAheadMs } from './in-force.ts';

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

/**
 * What one revocation covers: every session of a grant, one session by its user id, or every session that carries no
 * grant.
 */
export type LedgerEntry = {
  revokedAt: string;
  /** When the last credential it covers has expired by itself; the entry can leave after that. */
  coversUntil: string;
  /**
   * By AWS's clock: none of its sessions was issued later. Missing where nobody knows, and in ledgers of earlier
   * versions.
   */
  lastIssuedAt?: string;
} & ({ grantId: string } | { userId: string } | { ungranted: true });

/** `cause` is missing in ledgers of earlier versions, where only the lack of room could be one. */
export type Watermark = { revokedAt: string; coversUntil: string; lastIssuedAt?: string; cause?: WatermarkCause };

/**
 * The entries did not fit, a lockdown was begun by a person, the administrators of the account revoked the whole role,
 * or Revoke was the answer to an alert with more sessions than it could name.
 */
export type WatermarkCause = { kind: 'overflow' } | { kind: 'panic'; by: string } | { kind: 'console' | 'alert' };

export type Pace = { level: number; atMs: number };

/** What of a ledger is denied. */
export type Covered = Pick<Ledger, 'entries' | 'watermark'>;

export const emptyLedger = (roleArn: string): Ledger => ({
  roleArn,
  version: 0,
  entriesVersion: 0,
  appliedVersion: 0,
  entries: [],
});

/** The one thing an entry is about. */
export const subjectOf = (entry: LedgerEntry): string => {
  if ('grantId' in entry) return `grant ${entry.grantId}`;
  return 'userId' in entry ? `user ${entry.userId}` : 'ungranted';
};

/** All that an entry says in one line: another revocation of the same subject has another one. */
export const lineOf = (entry: LedgerEntry): string =>
  [subjectOf(entry), entry.revokedAt, entry.coversUntil, entry.lastIssuedAt].filter(Boolean).join(' ');

const newestRevocation = (revoked: readonly { revokedAt: string }[]): string =>
  latestOf(revoked.map(({ revokedAt }) => revokedAt));

/** More never fit into one policy, and all of them together have to fit into one database item. */
const mostEntries = 400;

type Revoked = Pick<Watermark, 'revokedAt' | 'lastIssuedAt'>;

/**
 * Sessions issued before this instant are denied by a revocation: up to `coversAheadMs` after it by our clock, and the
 * last one that it covers by AWS's, which may be ahead of ours. AWS knows a session's time of issue to the second.
 */
export const deniedBefore = ({ revokedAt, lastIssuedAt }: Revoked): string => {
  const ahead = addMs(revokedAt, coversAheadMs);
  return lastIssuedAt === undefined ? ahead : laterOf(ahead, addMs(lastIssuedAt, 1_000));
};

/** What denies every session that is issued before `issuedBefore`, and no other. */
export const revocationOf = (issuedBefore: string): string => addMs(issuedBefore, -coversAheadMs);

const lastIssueOf = (revoked: readonly Revoked[]): { lastIssuedAt?: string } => {
  const lastIssuedAt = latestOf(revoked.flatMap((each) => each.lastIssuedAt ?? []));
  return lastIssuedAt === '' ? {} : { lastIssuedAt };
};

/** Each subject once, with the latest of its times. */
const mergedEntries = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => {
  const bySubject = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const known = bySubject.get(subjectOf(entry));
    bySubject.set(
      subjectOf(entry),
      known
        ? {
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

/** A person's reason stands before the lack of room. */
const causeOf = (marks: readonly Watermark[]): WatermarkCause => {
  const of = (kind: WatermarkCause['kind']) => marks.find((mark) => mark.cause?.kind === kind)?.cause;
  return of('panic') ?? of('console') ?? of('alert') ?? { kind: 'overflow' };
};

const joined = (marks: readonly Watermark[]): Watermark => ({
  revokedAt: newestRevocation(marks),
  coversUntil: latestOf(marks.map((mark) => mark.coversUntil)),
  ...lastIssueOf(marks),
  cause: causeOf(marks),
});

/**
 * The half of the entries whose sessions are the oldest becomes one role-wide watermark: safe, because live grants
 * simply mint again. What would reach furthest ahead is denied by its name for as long as it fits.
 */
export const collapsed = ({ entries, watermark }: Covered): Required<Covered> => {
  const oldestFirst = [...entries].sort((a, b) => (deniedBefore(a) < deniedBefore(b) ? -1 : 1));
  const half = Math.ceil(oldestFirst.length / 2);
  return {
    entries: oldestFirst.slice(half),
    watermark: joined([...(watermark ? [watermark] : []), ...oldestFirst.slice(0, half)]),
  };
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

/** Whether anybody is denied by it. */
export const deniesAnybody = ({ entries, watermark }: Covered): boolean =>
  entries.length > 0 || watermark !== undefined;
