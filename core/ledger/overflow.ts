import { addMs, latestOf } from '#core/instant.ts';
import {
  type Covered,
  deniedBefore,
  joined,
  type LedgerEntry,
  lastIssueOf,
  newestRevocation,
  type Watermark,
} from './entry.ts';

/**
 * Denies as much with less room, where the entries do not fit: one step, the one that hits the fewest. What was denied
 * stays denied in each of them.
 *
 * 1. Sessions without a grant are denied up to the same instant, so that one statement serves all of them.
 * 2. The person with the most entries on the role is denied by their name, up to the newest of those entries that end
 *    soonest: nobody else's sessions are touched, and theirs of live grants simply mint again.
 * 3. Those who are denied by their names already are denied up to the same instant, in one statement.
 * 4. The same for whoever has several entries.
 * 5. The older half becomes one watermark for the whole role: the rest truly does not fit.
 */
export const collapsed = (covered: Covered): Covered =>
  alike(covered, isSession) ??
  personally(covered, worthItsOwnStatement) ??
  alike(covered, isPersonal) ??
  personally(covered, 2) ??
  roleWide(covered);

/** A statement about one person takes as much room as so many grants. */
const worthItsOwnStatement = 8;

type OfGrant = Extract<LedgerEntry, { grantId: string }>;
type Personal = Extract<LedgerEntry, { everyOf: string }>;
const isSession = (entry: LedgerEntry): boolean => 'userId' in entry;
const isPersonal = (entry: LedgerEntry): entry is Personal => 'everyOf' in entry;
const isOfGrant = (entry: LedgerEntry): entry is OfGrant & { personId: string } =>
  'grantId' in entry && entry.personId !== undefined;

/** Undefined where all of these are denied up to the same instant already. */
const alike = (covered: Covered, which: (entry: LedgerEntry) => boolean): Covered | undefined => {
  const some = covered.entries.filter(which);
  if (new Set(some.map(deniedBefore)).size < 2) return undefined;
  // AWS knows a session's time of issue to the second, and `deniedBefore` says the one after it.
  const lastIssuedAt = addMs(latestOf(some.map(deniedBefore)), -1_000);
  const entries = covered.entries.map((entry) => (which(entry) ? { ...entry, lastIssuedAt } : entry));
  return { ...covered, entries };
};

/** Undefined where nobody has so many entries; of whoever is denied by their name already one is enough. */
const personally = (covered: Covered, atLeast: number): Covered | undefined => {
  const { entries } = covered;
  const named = new Map(entries.filter(isPersonal).map((entry) => [entry.everyOf, entry]));
  const ofPeople = Map.groupBy(entries.filter(isOfGrant), ({ personId }) => personId);
  const [most] = [...ofPeople]
    .filter(([personId, theirs]) => named.has(personId) || theirs.length >= atLeast)
    .sort(([one, ones], [other, others]) => others.length - ones.length || (one < other ? -1 : 1));
  if (!most) return undefined;
  const [personId, theirs] = most;
  const mark = named.get(personId);
  const soonestFirst = theirs.toSorted((a, b) =>
    a.coversUntil === b.coversUntil ? compare(deniedBefore(a), deniedBefore(b)) : compare(a.coversUntil, b.coversUntil),
  );
  const gone = new Set<LedgerEntry>(soonestFirst.slice(0, Math.ceil(theirs.length / 2)));
  const covering = [...(mark ? [mark] : []), ...gone];
  const next: Personal = {
    everyOf: personId,
    revokedAt: newestRevocation(covering),
    coversUntil: latestOf(covering.map(({ coversUntil }) => coversUntil)),
    ...lastIssueOf(covering),
  };
  return { ...covered, entries: [...entries.filter((entry) => entry !== mark && !gone.has(entry)), next] };
};

const compare = (one: string, other: string): number => (one < other ? -1 : one === other ? 0 : 1);

/** Safe, because live grants simply mint again. What would reach furthest ahead is denied by its name while it fits. */
const roleWide = ({ entries, watermark }: Covered): Covered => {
  const oldestFirst = entries.toSorted((a, b) => compare(deniedBefore(a), deniedBefore(b)));
  const half = Math.ceil(oldestFirst.length / 2);
  const gone: readonly Watermark[] = oldestFirst.slice(0, half);
  return { entries: oldestFirst.slice(half), watermark: joined([...(watermark ? [watermark] : []), ...gone]) };
};
