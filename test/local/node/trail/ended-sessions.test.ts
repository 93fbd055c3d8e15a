import { expect, it } from 'vitest';
import { emptyLedger } from '#core/ledger/ledger.ts';
import { createEndedSessions, endedSessionQueries, revokedSessionQueries } from '#local/node/trail/ended-sessions.ts';
import { active, endedAt, policy } from '#test/fixtures/alert-world.ts';

const session = {
  mintId: '01KB0000000000000000000002',
  intendedAt: '2026-11-22T10:00:01Z',
  expiresBy: '2026-11-22T10:15:01Z',
};
const ended = { ...endedAt('2026-11-22T10:05:00Z', 'revoked'), sessions: [session] };
const query = { key: 'Username', value: `${ended.personId}-01KB0000000000000000000002` };
const at = (fromAt: string, nowAt = fromAt) => ({ fromMs: Date.parse(fromAt), nowMs: Date.parse(nowAt) });

it('looks for the sessions of grants that have ended, by name, in the account where they can be used', () => {
  expect(endedSessionQueries([ended], '222222222222', at('2026-11-22T10:06:00Z'))).toEqual([query]);
  expect(endedSessionQueries([ended], '333333333333', at('2026-11-22T10:06:00Z'))).toEqual([]);
});

it('also where a grant is past its end and nobody has closed it yet', () => {
  const over = { ...active, sessions: [session] };
  const endsAt = 'grant' in active ? active.grant.endsAt : '';
  expect(endedSessionQueries([over], '222222222222', at('2026-11-22T10:00:00Z', endsAt))).toEqual([query]);
});

it('leaves live grants alone: what their sessions do is as it should be', () => {
  expect(endedSessionQueries([{ ...active, sessions: [session] }], '222222222222', at('2026-11-22T10:02:00Z'))).toEqual(
    [],
  );
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
  let broken = true;
  const sessionsIn = createEndedSessions({
    policy: { current: async () => policy },
    requests: {
      ofPerson: async (personId) => {
        if (personId !== ended.personId) return [];
        asked += 1;
        if (broken) throw new Error('gone');
        return [ended];
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
});
