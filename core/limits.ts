import { durationInWords } from './duration.ts';
import { addSec, toIso } from './instant.ts';
import { type Refused, refuse } from './refusal.ts';

/**
 * How much one person, or one address, may have Daypass do in a window of time. Only what opens, stores or tells is
 * limited: a no, a revocation, an end, a lockdown and its lift never are.
 */
const limits = {
  /**
   * Each may become a grant, and each grant an entry of its role's deny. About 370 fit, and stay 65 minutes, since the
   * sessions are chained: 260 of one person who goes on like this for hours. Where more come together, or entries stay
   * for half a day, those of whoever has the most are collapsed first (`core/ledger/overflow.ts`), and nobody else's
   * sessions end. So there is no closer limit for one role.
   */
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

/** So many of one person's requests wait for approval at once: what approvers can still look at. */
const mostWaiting = 20;
/** None waits longer. */
const waitsAtMostSec = 31 * 86_400;

/** One more of something that is limited: saved with what makes it, or neither is. */
export type Count = {
  limit: LimitName | 'waiting';
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

/**
 * Of what waits only those that begin are counted, so that whatever ends one writes nothing here. Where it is full it
 * is put right by what there is, see `usecases/ask/room-to-wait.ts`.
 */
export const countOfWaiting = (personId: string, nowMs: number, most: number = mostWaiting): Count => ({
  limit: 'waiting',
  who: personId,
  window: 'now',
  most,
  endsAt: addSec(toIso(nowMs), waitsAtMostSec),
});

export const tooManyWait = ({ most }: Count, oldest: { id: string } | undefined): Refused =>
  refuse(
    'too-many',
    `You have ${most} requests that wait for approval, and that is as many as may wait at once.`,
    oldest === undefined ? 'Try again in a moment.' : { do: 'cancel-one', requestId: oldest.id },
  );

/** What somebody reads who has had as many as there may be. */
export const limitReached = (count: Count, nowMs: number): Refused => {
  const { limit, most, endsAt } = count;
  if (limit === 'waiting') return tooManyWait(count, undefined);
  const { what, perSec } = limits[limit];
  const inSec = Math.max(1, Math.ceil((Date.parse(endsAt) - nowMs) / 1000));
  return refuse(
    'too-many',
    `You have ${what} ${most} times within ${durationInWords(perSec)}, which is the limit.`,
    `Try again in ${durationInWords(inSec)}.`,
  );
};
