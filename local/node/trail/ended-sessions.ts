import { accountOfArn } from '#core/aws-arn.ts';
import { roleArnOf } from '#core/aws-role.ts';
import { accessEndsAt } from '#core/grant/grant.ts';
import { longestAskedBeforeMs, longestMintMs, type Session } from '#core/grant/session.ts';
import { sessionNameOf } from '#core/grant/session-name.ts';
import type { Ledger, LedgerEntry } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Clock } from '#ports/clock.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { RequestStore } from '#ports/request-store.ts';
import type { SessionStore } from '#ports/session-store.ts';
import type { Query } from './lookup.ts';

const hasEnded = (request: AccessRequest, nowMs: number): boolean =>
  'grant' in request && Date.parse(accessEndsAt(request)) <= nowMs;

/** A session that Daypass minted, and the request under which it did. */
type Held = { request: AccessRequest; session: Pick<Session, 'mintId' | 'expiresBy'> };

/**
 * For what happened from `fromMs` on. Looks for uses of sessions whose grant has ended, by the session's name, which
 * CloudTrail has as the user's name: nothing else would find them, since LookupEvents cannot search by role.
 */
export const endedSessionQueries = (
  held: readonly Held[],
  accountId: string,
  { fromMs, nowMs }: { fromMs: number; nowMs: number },
): readonly Query[] =>
  held
    .filter(({ request }) => request.accountId === accountId && hasEnded(request, nowMs))
    .filter(({ session }) => Date.parse(session.expiresBy) >= fromMs)
    .map(({ request, session }) => ({ key: 'Username', value: sessionNameOf(request.personId, session.mintId) }));

/**
 * The same for sessions that an alert revoked, whatever they were called: `aws:userid` ends with the session's name.
 */
export const revokedSessionQueries = (entries: readonly LedgerEntry[], fromMs: number): readonly Query[] =>
  entries.flatMap((entry) => {
    const name = 'userId' in entry ? entry.userId.split(':').at(1) : undefined;
    return name === undefined || Date.parse(entry.coversUntil) < fromMs ? [] : [{ key: 'Username', value: name }];
  });

type Looked = { held: readonly Held[]; ledgers: readonly Ledger[] };

/** Everything of one person. Those that an earlier version minted stand in their requests. */
const heldBy = async (
  personId: string,
  { sinceMs, nowMs }: { sinceMs: number; nowMs: number },
  {
    requests,
    sessions,
  }: { requests: Pick<RequestStore, 'get' | 'askedBetween'>; sessions: Pick<SessionStore, 'ofPerson'> },
): Promise<readonly Held[]> => {
  const [own, asked] = await Promise.all([
    sessions.ofPerson(personId, sinceMs),
    requests.askedBetween(personId, sinceMs - longestAskedBeforeMs, nowMs),
  ]);
  const embedded = asked.flatMap((request) => (request.sessions ?? []).map((session) => ({ request, session })));
  const ids = [...new Set(own.map(({ requestId }) => requestId))];
  const grants = new Map(await Promise.all(ids.map(async (id) => [id, await requests.get(id)] as const)));
  const held = own.flatMap((session) => {
    const request = grants.get(session.requestId);
    return request ? [{ request, session }] : [];
  });
  return [...held, ...embedded];
};

/**
 * What to look for in an account, for what happened from `fromMs` on. The database is asked once a round for all
 * places, and again for one that was read less far.
 */
export const createEndedSessions = (deps: {
  policy: PolicySource;
  requests: Pick<RequestStore, 'get' | 'askedBetween'>;
  sessions: Pick<SessionStore, 'ofPerson'>;
  ledgers: Pick<LedgerStore, 'get'>;
  clock: Clock;
  everySec: number;
}) => {
  const { policy, ledgers, clock, everySec } = deps;
  let current: { atMs: number; fromMs: number; looked: Promise<Looked> } | undefined;

  const look = async (fromMs: number): Promise<Looked> => {
    const { people, entitlements } = await policy.current();
    const [ofPeople, ofRoles] = await Promise.all([
      Promise.all(people.map(({ id }) => heldBy(id, { sinceMs: fromMs - longestMintMs, nowMs: clock.nowMs() }, deps))),
      Promise.all([...new Set(entitlements.map(roleArnOf))].map((roleArn) => ledgers.get(roleArn))),
    ]);
    return { held: ofPeople.flat(), ledgers: ofRoles };
  };

  return async (accountId: string, fromMs: number): Promise<readonly Query[]> => {
    const nowMs = clock.nowMs();
    if (!current || nowMs - current.atMs >= everySec * 1000 || fromMs < current.fromMs) {
      current = { atMs: nowMs, fromMs, looked: look(fromMs) };
    }
    const asked = current;
    const looked = await asked.looked.catch((error: unknown) => {
      // What failed is not kept: the next one asks anew.
      if (current === asked) current = undefined;
      throw error;
    });
    const entries = looked.ledgers.flatMap((ledger) =>
      accountOfArn(ledger.roleArn) === accountId ? ledger.entries : [],
    );
    const queries = [
      ...endedSessionQueries(looked.held, accountId, { fromMs, nowMs }),
      ...revokedSessionQueries(entries, fromMs),
    ];
    return [...new Map(queries.map((query) => [query.value, query])).values()];
  };
};
