import { revocationOf, type Watermark } from './ledger.ts';
import { longestSessionMs } from './longest-session.ts';

/** The event knows its time to the second, and clocks differ. */
const aheadMs = 5 * 60_000;

/**
 * What a person's role-wide denial revokes, as a watermark; `issuedBefore` and `at` are those of CloudTrail's event. It is
 * taken as far ahead as there can be sessions. A later time may stand on the role itself for as long as somebody wants it
 * there; from an event it would keep everybody out until then.
 */
export const watermarkOf = (issuedBefore: string, at: string): Watermark => {
  const most = new Date(Date.parse(at) + aheadMs).toISOString();
  const before = issuedBefore < most ? issuedBefore : most;
  return {
    revokedAt: revocationOf(before),
    coversUntil: new Date(Date.parse(before) + longestSessionMs).toISOString(),
    cause: { kind: 'console' },
  };
};
