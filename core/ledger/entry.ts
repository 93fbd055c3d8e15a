import { addMs, laterOf, latestOf } from '#core/instant.ts';
import { coversAheadMs } from './in-force.ts';

/**
 * What one revocation covers: every session of a grant, one session by its user id, every session that carries no
 * grant, or every session in one person's name, who is the source identity of each.
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
} & ({ grantId: string; personId?: string } | { userId: string } | { ungranted: true } | { everyOf: string });

/** `cause` is missing in ledgers of earlier versions, where only the lack of room could be one. */
export type Watermark = { revokedAt: string; coversUntil: string; lastIssuedAt?: string; cause?: WatermarkCause };

/**
 * The entries did not fit, a lockdown was begun by a person, the administrators of the account revoked the whole role,
 * or Revoke was the answer to an alert with more sessions than it could name.
 */
export type WatermarkCause = { kind: 'overflow' } | { kind: 'panic'; by: string } | { kind: 'console' | 'alert' };

/** What of a ledger is denied. */
export type Covered = { entries: readonly LedgerEntry[]; watermark?: Watermark };

/** The one thing an entry is about. */
export const subjectOf = (entry: LedgerEntry): string => {
  if ('grantId' in entry) return `grant ${entry.grantId}`;
  if ('everyOf' in entry) return `person ${entry.everyOf}`;
  return 'userId' in entry ? `user ${entry.userId}` : 'ungranted';
};

/** All that an entry says in one line: another revocation of the same subject has another one. */
export const lineOf = (entry: LedgerEntry): string =>
  [subjectOf(entry), entry.revokedAt, entry.coversUntil, entry.lastIssuedAt].filter(Boolean).join(' ');

export const newestRevocation = (revoked: readonly { revokedAt: string }[]): string =>
  latestOf(revoked.map(({ revokedAt }) => revokedAt));

export type Revoked = Pick<Watermark, 'revokedAt' | 'lastIssuedAt'>;

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

export const lastIssueOf = (revoked: readonly Revoked[]): { lastIssuedAt?: string } => {
  const lastIssuedAt = latestOf(revoked.flatMap((each) => each.lastIssuedAt ?? []));
  return lastIssuedAt === '' ? {} : { lastIssuedAt };
};

/** A person's reason stands before the lack of room. */
const causeOf = (marks: readonly Watermark[]): WatermarkCause => {
  const of = (kind: WatermarkCause['kind']) => marks.find((mark) => mark.cause?.kind === kind)?.cause;
  return of('panic') ?? of('console') ?? of('alert') ?? { kind: 'overflow' };
};

export const joined = (marks: readonly Watermark[]): Watermark => ({
  revokedAt: newestRevocation(marks),
  coversUntil: latestOf(marks.map((mark) => mark.coversUntil)),
  ...lastIssueOf(marks),
  cause: causeOf(marks),
});
