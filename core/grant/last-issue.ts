import { addMs, addSec, clockSkewMs, latestOf } from '#core/instant.ts';
import type { GrantedRequest, Session } from '#core/request/request.ts';

/** STS answers within a minute of the intent, or nobody waits for it any more. */
export const slowestAnswerMs = 60_000;

/**
 * By AWS's clock. What STS answered says it exactly, since STS counts the duration from the moment of issue. Where no
 * answer was recorded there is only our own clock, and the two may differ.
 */
const issuedBy = ({ intendedAt, durationSec, issued }: Session): string[] => {
  if (!issued) return [addMs(intendedAt, slowestAnswerMs + clockSkewMs)];
  return durationSec === undefined ? [] : [addSec(issued.expiresAt, -durationSec)];
};

/**
 * For a ledger's entry: no session of the grant was issued later. Empty where no session says so, as those of earlier
 * versions do not.
 */
export const lastIssue = ({ sessions }: Pick<GrantedRequest, 'sessions'>): { lastIssuedAt?: string } => {
  const lastIssuedAt = latestOf(sessions.flatMap(issuedBy));
  return lastIssuedAt === '' ? {} : { lastIssuedAt };
};
