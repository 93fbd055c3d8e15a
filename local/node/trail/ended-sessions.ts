import { accountOfArn } from '#core/aws-arn.ts';
import { roleArnOf } from '#core/aws-role.ts';
import { accessEndsAt } from '#core/grant/grant.ts';
import { sessionNameOf } from '#core/grant/session-name.ts';
import type { Ledger, LedgerEntry } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Clock } from '#ports/clock.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { RequestStore } from '#ports/request-store.ts';
import type { Query } from './lookup.ts';

const hasEnded = (request: AccessRequest, nowMs: number): boolean =>
  'grant' in request && Date.parse(accessEndsAt(request)) <= nowMs;

/**
 * For what happened from `fromMs` on. Looks for uses of sessions whose grant has ended, by the session's name, which CloudTrail has as the user's name: nothing
 * else would find them, since LookupEvents cannot search by role.
 */
export const endedSessionQueries = (
  requests: readonly AccessRequest[],
  accountId: string,
  { fromMs, nowMs }: { fromMs: number; nowMs: number },
): readonly Query[] =>
  requests
    .filter((request) => request.accountId === accountId && hasEnded(request, nowMs))
    .flatMap(({ personId, sessions }) =>
      sessions
        .filter(({ expiresBy }) => Date.parse(expiresBy) >= fromMs)
        .map(({ mintId }): Query => ({ key: 'Username', value: sessionNameOf(personId, mintId) })),
    );

/** The same for sessions that an alert revoked, whatever they were called: `aws:userid` ends with the session's name. */
export const revokedSessionQueries = (entries: readonly LedgerEntry[], fromMs: number): readonly Query[] =>
  entries.flatMap((entry) => {
    const name = 'userId' in entry ? entry.userId.split(':').at(1) : undefined;
    return name === undefined || Date.parse(entry.coversUntil) < fromMs ? [] : [{ key: 'Username', value: name }];
  });

type Looked = { requests: readonly AccessRequest[]; ledgers: readonly Ledger[] };

/** What to look for in an account, for what happened from `fromMs` on. The database is asked once a round for all places. */
export const createEndedSessions = (deps: {
  policy: PolicySource;
  requests: Pick<RequestStore, 'ofPerson'>;
  ledgers: Pick<LedgerStore, 'get'>;
  clock: Clock;
  everySec: number;
}) => {
  const { policy, requests, ledgers, clock, everySec } = deps;
  let current: { atMs: number; looked: Promise<Looked> } | undefined;

  const look = async (): Promise<Looked> => {
    const { people, entitlements } = await policy.current();
    const [ofPeople, ofRoles] = await Promise.all([
      Promise.all(people.map(({ id }) => requests.ofPerson(id))),
      Promise.all([...new Set(entitlements.map(roleArnOf))].map((roleArn) => ledgers.get(roleArn))),
    ]);
    return { requests: ofPeople.flat(), ledgers: ofRoles };
  };

  return async (accountId: string, fromMs: number): Promise<readonly Query[]> => {
    const nowMs = clock.nowMs();
    if (!current || nowMs - current.atMs >= everySec * 1000) current = { atMs: nowMs, looked: look() };
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
      ...endedSessionQueries(looked.requests, accountId, { fromMs, nowMs }),
      ...revokedSessionQueries(entries, fromMs),
    ];
    return [...new Map(queries.map((query) => [query.value, query])).values()];
  };
};
