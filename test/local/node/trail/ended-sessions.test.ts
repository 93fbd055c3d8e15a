import { expect, it } from 'vitest';
import type { Session } from '#core/grant/session.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import { createEndedSessions, endedSessionQueries, revokedSessionQueries } from '#local/node/trail/ended-sessions.ts';
import { active, endedAt, policy } from '#test/fixtures/alert-world.ts';

const request = endedAt('2026-11-22T10:05:00Z', 'revoked');
const session: Session = {
  mintId: '01KB0000000000000000000002',
  requestId: request.id,
  personId: request.personId,
  intendedAt: '2026-11-22T10:00:01Z',
  durationSec: 900,
  expiresBy: '2026-11-22T10:15:01Z',
};
const ended = { request, session };
const query = { key: 'Username', value: `${request.personId}-01KB0000000000000000000002` };
const at = (fromAt: string, nowAt = fromAt) => ({ fromMs: Date.parse(fromAt), nowMs: Date.parse(nowAt) });

it('looks for the sessions of grants that have ended, by name, in the account where they can be used', () => {
  expect(endedSessionQueries([ended], '222222222222', at('2026-11-22T10:06:00Z'))).toEqual([query]);
  expect(endedSessionQueries([ended], '333333333333', at('2026-11-22T10:06:00Z'))).toEqual([]);
});

it('also where a grant is past its end and nobody has closed it yet', () => {
  const over = { request: active, session };
  const endsAt = 'grant' in active ? active.grant.endsAt : '';
  expect(endedSessionQueries([over], '222222222222', at('2026-11-22T10:00:00Z', endsAt))).toEqual([query]);
});

it('leaves live grants alone: what their sessions do is as it should be', () => {
  const live = { request: active, session };
  expect(endedSessionQueries([live], '222222222222', at('2026-11-22T10:02:00Z'))).toEqual([]);
});

it('leaves out what had expired before the time that is read', () => {
  expect(endedSessionQueries([ended], '222222222222', at('2026-11-22T10:15:02Z'))).toEqual([]);
  // After a long absence that time lies far back.
  expect(endedSessionQueries([ended], '222222222222', at('2026-11-22T10:15:01Z', '2026-11-30T00:00:00Z'))).toEqual([
    query,
  ]);
});

const revoked = { revokedAt: '2026-11-22T10:05:00Z', coversUntil: '2026-11-22T11:00:00Z' };

it('looks for a session that an alert revoked by the name that it was given, while it could live', () => {
  const entries = [
    { ...revoked, userId: 'AROAORDERSADMIN00001:behind-its-back' },
    { ...revoked, grantId: '01KB0000000000000000000001' },
    { ...revoked, userId: 'AIDAUSER000000000001' },
  ];
  const behind = { key: 'Username', value: 'behind-its-back' };
  expect(revokedSessionQueries(entries, Date.parse('2026-11-22T11:00:00Z'))).toEqual([behind]);
  expect(revokedSessionQueries(entries, Date.parse('2026-11-22T11:00:01Z'))).toEqual([]);
});

it('asks the database once a round for all places, and anew after it failed', async () => {
  let nowMs = Date.parse('2026-11-22T10:06:00Z');
  let asked = 0;
  let since = '';
  let broken = true;
  const sessionsIn = createEndedSessions({
    policy: { current: async () => policy },
    requests: { get: async () => request, askedBetween: async () => [] },
    sessions: {
      ofPerson: async (personId, sinceMs) => {
        if (personId !== request.personId) return [];
        asked += 1;
        since = new Date(sinceMs).toISOString();
        if (broken) throw new Error('gone');
        return [session];
      },
    },
    ledgers: {
      get: async (roleArn) => ({
        ...emptyLedger(roleArn),
        entries: [{ ...revoked, userId: 'AROAORDERSADMIN00001:behind-its-back' }],
      }),
    },
    clock: { nowMs: () => nowMs },
    everySec: 60,
  });
  await expect(sessionsIn('222222222222', nowMs)).rejects.toThrow('gone');
  broken = false;
  const both = [query, { key: 'Username', value: 'behind-its-back' }];
  expect(await sessionsIn('222222222222', nowMs)).toEqual(both);
  expect(await sessionsIn('333333333333', nowMs)).toEqual([]);
  expect(asked).toBe(2);
  nowMs += 60_000;
  expect(await sessionsIn('222222222222', nowMs)).toEqual(both);
  expect(asked).toBe(3);
  // Whatever can still be used at that time: an hour, and a minute and five for slow answers and clocks.
  expect(since).toBe('2026-11-22T09:01:00.000Z');
  expect(await sessionsIn('333333333333', nowMs - 60_000)).toEqual([]);
  expect(await sessionsIn('222222222222', nowMs)).toEqual(both);
  expect([asked, since]).toEqual([4, '2026-11-22T09:00:00.000Z']);
});

it('looks for those that an earlier version kept inside their request, however many were asked since', async () => {
  // A month before what is looked for may still have been used.
  const askedMs = Date.parse('2026-10-22T10:00:00Z');
  const { mintId, intendedAt, expiresBy } = session;
  const nowMs = Date.parse('2026-11-22T10:06:00Z');
  const sessionsIn = createEndedSessions({
    policy: { current: async () => policy },
    requests: {
      get: async () => undefined,
      askedBetween: async (personId, fromMs, toMs) =>
        personId === request.personId && fromMs < askedMs && toMs === nowMs
          ? [{ ...request, sessions: [{ mintId, intendedAt, expiresBy }] }]
          : [],
    },
    sessions: { ofPerson: async () => [] },
    ledgers: { get: async (roleArn) => emptyLedger(roleArn) },
    clock: { nowMs: () => nowMs },
    everySec: 60,
  });
  expect(await sessionsIn('222222222222', nowMs)).toEqual([query]);
});
