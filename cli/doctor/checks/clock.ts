import type { Told } from '../facts/http.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

const uneasyMs = 5_000;
const badMs = 30_000;

/** The header `Date` has whole seconds. */
const grainMs = 1_000;

/** How far our clock is certainly from theirs; what the answer's own time can explain is no skew. */
const certainSkewMs = (theirMs: number, { askedMs, answeredMs }: Told): number => {
  const offMs = askedMs + (answeredMs - askedMs) / 2 - (theirMs + grainMs / 2);
  const unsureMs = (answeredMs - askedMs) / 2 + grainMs / 2;
  return Math.sign(offMs) * Math.max(0, Math.abs(offMs) - unsureMs);
};

/** Whether this machine's clock agrees with somebody else's. */
export const judgeClock = (whose: string, told: Told): Verdict => {
  if (told.theirMs === undefined) {
    return warning(`${whose} did not say what time it is.`, 'Compare this machine’s clock with another one.');
  }
  const skewMs = certainSkewMs(told.theirMs, told);
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const found = `This machine is ${seconds} s ${skewMs < 0 ? 'behind' : 'ahead of'} ${whose}.`;
  const todo = 'Set this machine’s clock by NTP: signatures of AWS and Slack stop working at five minutes.';
  if (Math.abs(skewMs) > badMs) return failure(found, todo);
  if (Math.abs(skewMs) > uneasyMs) return warning(found, todo);
  return ok(`This machine and ${whose} agree.`);
};
