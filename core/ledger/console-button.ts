import { addMs, clockSkewMs, earlierOf } from '#core/instant.ts';
import { revocationOf, type Watermark } from './ledger.ts';
import { allDeadBy } from './lifetime.ts';

/**
 * What a person's role-wide denial revokes, as a watermark; `issuedBefore` and `at` are those of CloudTrail's event. It
 * is taken as far ahead as there can be sessions. A later time may stand on the role itself for as long as somebody
 * wants it there; from an event it would keep everybody out until then.
 */
export const watermarkOf = (issuedBefore: string, at: string): Watermark => {
  // The event knows its time to the second, and clocks differ.
  const before = earlierOf(issuedBefore, addMs(at, clockSkewMs));
  return {
    revokedAt: revocationOf(before),
    coversUntil: allDeadBy(before),
    cause: { kind: 'console' },
  };
};
