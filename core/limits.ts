import { durationInWords } from './duration.ts';
import { addSec, toIso } from './instant.ts';
import { type Refused, refuse } from './refusal.ts';

/**
 * How much one person, or one address, may have Daypass do in a window of time. Only what opens, stores or tells is
 * limited: a no, a revocation, an end, a lockdown and its lift never are.
 */
const limits = {
  /** More would put so many entries into a role's deny within their lifetime that it overflows: about 370 fit. */
  asks: { most: 240, perSec: 3600, what: 'asked for access' },
  /** Each is kept for the audit, and gets nobody anything. */
  refusedAsks: { most: 60, perSec: 3600, what: 'asked for what the access policy refuses' },
  /** Each is a vote, a message and a part of a request that is read whole. */
  extensions: { most: 60, perSec: 3600, what: 'asked for more time' },
  /** Of one role: each is an item that the end of its grant looks for. */
  sessions: { most: 600, perSec: 3600, what: 'taken credentials of this role' },
  /** Confirmed by one person; each is a token for eight hours. */
  logins: { most: 60, perSec: 3600, what: 'let a program in' },
  /** Begun from one address, by whoever that is; an office may share one. */
  loginsFromAddress: { most: 100, perSec: 600, what: 'begun a login from this address' },
} as const satisfies Readonly<Record<string, { most: number; perSec: number; what: string }>>;

export type LimitName = keyof typeof limits;

/** One more of something that is limited: saved with what makes it, or neither is. */
export type Count = {
  limit: LimitName;
  /** Of whom, and of which window. */
  who: string;
  window: string;
  most: number;
  /** When the window is over; ISO 8601. */
  endsAt: string;
};

/** `most` where the access policy sets another number. Windows begin at multiples of their length since 1970. */
export const countOf = (limit: LimitName, who: string, nowMs: number, most: number = limits[limit].most): Count => {
  const { perSec } = limits[limit];
  const window = Math.floor(nowMs / 1000 / perSec);
  const endsAt = addSec(toIso(window * perSec * 1000), perSec);
  return { limit, who, window: String(window), most, endsAt };
};

/** What somebody reads who has had as many as there may be. */
export const limitReached = ({ limit, most, endsAt }: Count, nowMs: number): Refused => {
  const { what, perSec } = limits[limit];
  const inSec = Math.max(1, Math.ceil((Date.parse(endsAt) - nowMs) / 1000));
  return refuse(
    'too-many',
    `You have ${what} ${most} times within ${durationInWords(perSec)}, which is the limit.`,
    `Try again in ${durationInWords(inSec)}.`,
  );
};
