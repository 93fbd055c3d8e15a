import type { Ledger, LedgerEntry } from './ledger.ts';
import { deadBy } from './lifetime.ts';

const longer = <T extends { coversUntil: string }>(covered: T): T => ({
  ...covered,
  coversUntil: deadBy(covered.coversUntil, { chained: false }),
});

/**
 * A ledger that an earlier version stored. It counted credentials alone, and not the console session that somebody may
 * have made with them: what is denied without a grant, or role-wide, is taken to have become one. Of a grant it is
 * taken at its word: a function minted those sessions, so they were chained.
 */
export const readEarlier = ({ entries, watermark, ...ledger }: Ledger): Ledger => ({
  ...ledger,
  entries: entries.map((entry): LedgerEntry => ('grantId' in entry ? entry : longer(entry))),
  ...(watermark && { watermark: longer(watermark) }),
});
