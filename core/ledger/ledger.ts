/** Per role: what is revoked and until when that matters. The deny policy is a pure function of it. All instants ISO 8601 UTC. */
export type Ledger = {
  roleArn: string;
  /** Counts the writes of this item; 0 for a ledger that was never stored. */
  version: number;
  /** Counts the changes of what is revoked. */
  entriesVersion: number;
  /** The newest `entriesVersion` whose document was read back from the role. */
  appliedVersion: number;
  entries: readonly LedgerEntry[];
  /** Every session of the role issued before this is denied, because the entries did not fit. */
  watermark?: Watermark;
};

/** What one revocation covers: every session of a grant, one session by its user id, or every session that carries no grant. */
export type LedgerEntry = {
  revokedAt: string;
  /** When the last credential it covers has expired by itself; the entry can leave after that. */
  coversUntil: string;
} & ({ grantId: string } | { userId: string } | { ungranted: true });

export type Watermark = { revokedAt: string; coversUntil: string };

/** What of a ledger is denied. */
type Covered = Pick<Ledger, 'entries' | 'watermark'>;

export const emptyLedger = (roleArn: string): Ledger => ({
  roleArn,
  version: 0,
  entriesVersion: 0,
  appliedVersion: 0,
  entries: [],
});

/** The one thing an entry is about. */
const subjectOf = (entry: LedgerEntry): string => {
  if ('grantId' in entry) return `grant ${entry.grantId}`;
  return 'userId' in entry ? `user ${entry.userId}` : 'ungranted';
};

const later = (a: string, b: string): string => (a > b ? a : b);

/** AWS's clock and ours differ a little: an entry stays this long after its last credential died. */
const skewMs = 5 * 60_000;

/** More never fit into one policy, and all of them together have to fit into one database item. */
const mostEntries = 400;

const newest = (instants: readonly string[]): string => instants.reduce(later, '');

export const newestRevocation = (revoked: readonly { revokedAt: string }[]): string =>
  newest(revoked.map(({ revokedAt }) => revokedAt));

/** The older half of the entries becomes one role-wide watermark: safe, because live grants simply mint again. */
export const collapsed = ({ entries, watermark }: Covered): Required<Covered> => {
  const oldestFirst = [...entries].sort((a, b) => (a.revokedAt < b.revokedAt ? -1 : 1));
  const half = Math.ceil(oldestFirst.length / 2);
  const dropped: Watermark[] = [...oldestFirst.slice(0, half), ...(watermark ? [watermark] : [])];
  return {
    entries: oldestFirst.slice(half),
    watermark: { revokedAt: newestRevocation(dropped), coversUntil: newest(dropped.map((each) => each.coversUntil)) },
  };
};

/** The ledger with everything that was issued before the watermark denied. One that is there is never lowered. */
export const withWatermark = (ledger: Ledger, { revokedAt, coversUntil }: Watermark): Ledger => ({
  ...ledger,
  entriesVersion: ledger.entriesVersion + 1,
  watermark: {
    revokedAt: later(ledger.watermark?.revokedAt ?? '', revokedAt),
    coversUntil: later(ledger.watermark?.coversUntil ?? '', coversUntil),
  },
});

/** The ledger with one more revocation, without the entries whose last credential is dead. Revoking again is nothing new. */
export const withEntry = (ledger: Ledger, entry: LedgerEntry, nowMs: number): Ledger => {
  const alive = (covered: { coversUntil: string }): boolean => Date.parse(covered.coversUntil) + skewMs > nowMs;
  const known = ledger.entries.find((other) => subjectOf(other) === subjectOf(entry));
  const merged = known
    ? {
        ...entry,
        revokedAt: later(known.revokedAt, entry.revokedAt),
        coversUntil: later(known.coversUntil, entry.coversUntil),
      }
    : entry;
  const others = ledger.entries.filter((other) => other !== known && alive(other));
  const { watermark, ...rest } = ledger;
  const covered = { entries: [...others, merged], ...(watermark && alive(watermark) && { watermark }) };
  return {
    ...rest,
    entriesVersion: ledger.entriesVersion + 1,
    ...(covered.entries.length > mostEntries ? collapsed(covered) : covered),
  };
};
