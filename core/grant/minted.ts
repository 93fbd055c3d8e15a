import {
  addMs,
  addSec,
  clockSkewMs,
  earlierOf,
  isPastByBothClocks,
  laterOf,
  latestOf,
  msOf,
  toIso,
} from '#core/instant.ts';
import { deadBy } from '#core/ledger/lifetime.ts';
import { type EmbeddedSession, type Session, slowestAnswerMs } from './session.ts';

/**
 * What revocation needs of the sessions that were minted, or intended, under a grant. It stays as small as this
 * however many there are; each of them is an item of its own.
 */
export type MintedSoFar = {
  /** How many were intended, ever. */
  count: number;
  /** Intents without a result on record: STS may be answering, or nobody will ever know. The newest ones. */
  open: readonly Intent[];
  /** All others that may be alive, those that expire in the same five minutes together. */
  batches: readonly Batch[];
  /** How many were intended since then: see `mostPerMinute`. */
  lately: { since: string; count: number };
  /** What may be left of all of them beside themselves; absent where that is nothing. */
  reach?: Reach;
};

/**
 * `into`: the roles, by ARN, into which sessions may have gone on and that Daypass can deny, over however many steps.
 * `leavesForMs`: how long what a session may leave behind can be used after its credentials are dead.
 */
export type Reach = { into: readonly string[]; leavesForMs: number };

const noReach: Reach = { into: [], leavesForMs: 0 };

export type Intent = Pick<Session, 'mintId' | 'intendedAt' | 'expiresBy'>;

type Batch = {
  count: number;
  /** The first of them. */
  intendedAt: string;
  /** The last of them. */
  expiresBy: string;
  /** By AWS's clock, none was issued later; absent where none of them says so, as those of earlier versions do not. */
  issuedBy?: string;
};

/** More at once are a loop, not a person. */
export const mostPerMinute = 60;
const minuteMs = 60_000;

/** So many intents are told apart; of an older one the worst is taken to be true. */
const mostOpen = 20;
const batchMs = 5 * 60_000;

/** Where no answer was recorded there is only our own clock, and AWS's may differ. */
const issuedAtWorst = ({ intendedAt }: Intent): string => addMs(intendedAt, slowestAnswerMs + clockSkewMs);

/** STS counts the duration from the moment of issue. */
const issuedAt = ({ issued, durationSec }: EmbeddedSession): string | undefined =>
  issued && durationSec !== undefined ? addSec(issued.expiresAt, -durationSec) : undefined;

const withBatch = (batches: readonly Batch[], one: Batch): readonly Batch[] => {
  const slot = ({ expiresBy }: Batch): number => Math.floor(msOf(expiresBy) / batchMs);
  const same = batches.find((batch) => slot(batch) === slot(one));
  if (!same) return [...batches, one];
  const issuedBy = laterOf(same.issuedBy ?? '', one.issuedBy ?? '');
  const both = {
    count: same.count + one.count,
    intendedAt: earlierOf(same.intendedAt, one.intendedAt),
    expiresBy: laterOf(same.expiresBy, one.expiresBy),
    ...(issuedBy !== '' && { issuedBy }),
  };
  return batches.map((batch) => (batch === same ? both : batch));
};

const isAlive =
  (atMs: number) =>
  ({ expiresBy }: { expiresBy: string }): boolean =>
    !isPastByBothClocks(expiresBy, atMs);

/**
 * With one more, which STS is about to be asked for at this instant. What is long dead is forgotten here; its item is
 * not.
 */
export const withIntent = (
  minted: MintedSoFar | undefined,
  { mintId, intendedAt, expiresBy }: Intent,
  more: Reach = noReach,
): MintedSoFar => {
  const { count, open, batches, lately, reach = noReach } = minted ?? nothingMinted;
  const into = [...new Set([...reach.into, ...more.into])];
  const leavesForMs = Math.max(reach.leavesForMs, more.leavesForMs);
  const nowMs = msOf(intendedAt);
  const all = [...open.filter(isAlive(nowMs)), { mintId, intendedAt, expiresBy }];
  const folded = all.slice(0, -mostOpen).map((intent) => ({
    count: 1,
    intendedAt: intent.intendedAt,
    // Its answer may still come, and that tells by AWS's clock.
    expiresBy: addMs(intent.expiresBy, clockSkewMs),
    issuedBy: issuedAtWorst(intent),
  }));
  const isNew = nowMs - msOf(lately.since) >= minuteMs;
  return {
    count: count + 1,
    open: all.slice(-mostOpen),
    batches: folded.reduce(withBatch, batches.filter(isAlive(nowMs))),
    lately: isNew ? { since: intendedAt, count: 1 } : { ...lately, count: lately.count + 1 },
    ...((into.length > 0 || leavesForMs > 0) && { reach: { into, leavesForMs } }),
  };
};

const nothingMinted: MintedSoFar = { count: 0, open: [], batches: [], lately: { since: toIso(0), count: 0 } };

/** With what STS answered to one of the open intents. Of one that is not among them nothing is left to tell apart. */
export const withResult = (minted: MintedSoFar, session: EmbeddedSession): MintedSoFar => {
  const open = minted.open.filter(({ mintId }) => mintId !== session.mintId);
  if (open.length === minted.open.length) return minted;
  const { intendedAt, expiresBy } = session;
  const issuedBy = issuedAt(session);
  const batch = { count: 1, intendedAt, expiresBy, ...(issuedBy !== undefined && { issuedBy }) };
  return { ...minted, open, batches: withBatch(minted.batches, batch) };
};

/** Of sessions that an earlier version kept inside the request; undefined where there were none. */
export const mintedOf = (sessions: readonly EmbeddedSession[]): MintedSoFar | undefined =>
  sessions.reduce<MintedSoFar | undefined>((minted, session) => {
    const intended = withIntent(minted, session);
    return session.issued ? withResult(intended, session) : intended;
  }, undefined);

/** In how many seconds one more may be minted: 0 for now. */
export const mintableInSec = (minted: MintedSoFar | undefined, nowMs: number): number => {
  if (!minted || minted.lately.count < mostPerMinute) return 0;
  return Math.max(0, Math.ceil((msOf(minted.lately.since) + minuteMs - nowMs) / 1000));
};

/** When the last session dies by itself; undefined where none was ever minted. ISO 8601. */
export const lastExpiry = (minted: MintedSoFar | undefined): string | undefined =>
  latestOf([...(minted?.open ?? []), ...(minted?.batches ?? [])].map(({ expiresBy }) => expiresBy)) || undefined;

/**
 * Until when a deny of them has to stay; undefined where none was ever minted. Those that earlier versions minted count
 * as chained too, which every deployment's were.
 */
export const coveredUntil = (minted: MintedSoFar | undefined): string | undefined => {
  const last = lastExpiry(minted);
  return last === undefined ? undefined : deadBy(last, { chained: true, leavesForMs: minted?.reach?.leavesForMs ?? 0 });
};

/**
 * For a ledger's entry: by AWS's clock, no session of the grant was issued later. Empty where no session says so, as
 * those of earlier versions do not.
 */
export const lastIssue = (minted: MintedSoFar | undefined): { lastIssuedAt?: string } => {
  const lastIssuedAt = latestOf([
    ...(minted?.open ?? []).map(issuedAtWorst),
    ...(minted?.batches ?? []).map(({ issuedBy = '' }) => issuedBy),
  ]);
  return lastIssuedAt === '' ? {} : { lastIssuedAt };
};

/** How many could be alive at this instant; those that expire in the same five minutes count as one does. */
export const aliveAt = (minted: MintedSoFar | undefined, atMs: number): number =>
  [...(minted?.open.map((intent) => ({ ...intent, count: 1 })) ?? []), ...(minted?.batches ?? [])]
    .filter(({ expiresBy }) => msOf(expiresBy) > atMs)
    .reduce((sum, { count }) => sum + count, 0);

/** Whether one that may still be alive at `atMs` was intended before an instant. */
export const wasMintedBefore = (minted: MintedSoFar | undefined, before: string, atMs: number): boolean =>
  [...(minted?.open ?? []), ...(minted?.batches ?? [])]
    .filter(isAlive(atMs))
    .some(({ intendedAt }) => intendedAt < before);
