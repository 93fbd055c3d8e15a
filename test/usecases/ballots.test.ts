import { describe, expect, it } from 'vitest';
import type { InForce } from '#core/lockdown/lockdown.ts';
import { decide } from '#core/policy/decide.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, Extension, LiveRequest, Vote } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { memoryLockdowns } from '#test/kit/stores/lockdowns.ts';
import { emptyMemory } from '#test/kit/stores/memory.ts';
import { memoryRequests } from '#test/kit/stores/requests.ts';
import type { Manner } from '#usecases/change-request.ts';
import { answerExtension } from '#usecases/decide/answer-extension.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';

// What a vote comes to, in each situation of what is voted on, under each circumstance. Alice asks; it takes two of Bob
// and Carol. A cell is the fact that is saved, `kept` where the vote had been counted before, or why it is refused:
// where several things are in the way, the table says which of them is told.

const policy = samplePolicy();
const elsewhere = samplePolicy(['role: daypass-jit-payments-admin', 'role: daypass-jit-payments-other']);
const at = '2026-11-22T10:00:00.000Z';
const lapsesAt = '2026-11-23T10:00:00.000Z';
const extensionId = '01JD8Q0000EXTENS10N0000001';

const ask = { personId: 'alice', entitlementId: 'payments-admin', durationSec: 1800, reason: 'fixing INC-42' };
const lockOf = (personId: string): InForce => ({
  id: `lockdown of ${personId}`,
  scope: { kind: 'person', personId },
  reason: 'INC-43',
  begunAt: at,
  begunBy: 'carol',
});

type Rules = { policy: Policy; lockdowns: readonly InForce[] };

const circumstances: Readonly<Record<string, Rules>> = {
  free: { policy, lockdowns: [] },
  'voter locked down': { policy, lockdowns: [lockOf('bob')] },
  'asker locked down': { policy, lockdowns: [lockOf('alice')] },
  'another role': { policy: elsewhere, lockdowns: [] },
  'both locked, another role': { policy: elsewhere, lockdowns: [lockOf('bob'), lockOf('alice')] },
};

const by = (personId: string, verdict: Vote['verdict']): Vote => ({ personId, verdict, at });

const pending = submit({
  id: '01JD8Q0000PAYMENTSADM1NA11',
  ask,
  decision: decide(policy, ask, []),
  accountId: '222222222222',
  roleName: 'daypass-jit-payments-admin',
  at,
  lapsesAt,
}).request;

const grant = { startsAt: at, endsAt: '2026-11-22T10:30:00.000Z' };
const end = { reason: 'done', at: '2026-11-22T10:10:00.000Z', by: 'alice' } as const;

type Cast = (ports: Parameters<typeof castVote>[1]) => ReturnType<typeof castVote>;

const outcomeOf = async (request: AccessRequest, rules: Rules, nowMs: number, cast: Cast): Promise<string> => {
  const memory = emptyMemory();
  memory.requests.set(request.id, request);
  memory.register = { version: 1, lockdowns: rules.lockdowns };
  const outcome = await cast({
    clock: { nowMs: () => nowMs },
    policy: { current: async () => rules.policy },
    lockdowns: memoryLockdowns(memory),
    requests: memoryRequests(memory),
    outbox: { announce: async () => {}, publish: async () => {}, publishLeftovers: async () => 0 },
  });
  if (!outcome.ok) return outcome.refusal.code;
  return memory.audit.get(request.id)?.[0]?.fact ?? 'kept';
};

type Situation = { request: AccessRequest; now?: string };
type Voter = { personId: string; verdict: Vote['verdict'] };

/** A cell for each circumstance, in their order; one word where all are the same. */
const table = async (
  situations: Readonly<Record<string, Situation>>,
  cast: (requestId: string) => Cast,
): Promise<Record<string, string>> => {
  const rows: Record<string, string> = {};
  for (const [situation, { request, now = at }] of Object.entries(situations)) {
    const cells: string[] = [];
    for (const rules of Object.values(circumstances)) {
      cells.push(await outcomeOf(request, rules, Date.parse(now), cast(request.id)));
    }
    rows[situation] = new Set(cells).size === 1 ? (cells[0] ?? '') : cells.join(' ');
  }
  return rows;
};

/** What a dry run says where the vote itself comes to this: nothing is saved, and what was counted before is told. */
const dry = (rows: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(rows).map(([situation, cells]) => [
      situation,
      cells
        .split(' ')
        .map((cell) => (cell === 'kept' ? 'already-decided' : cell.includes('.') ? 'kept' : cell))
        .join(' '),
    ]),
  );

const voters: readonly Voter[] = ['alice', 'bob', 'carol', 'dave'].flatMap((personId) => [
  { personId, verdict: 'approve' as const },
  { personId, verdict: 'deny' as const },
]);

describe('a vote on a request', () => {
  const ofCarol = by('carol', 'approve');
  const situations: Readonly<Record<string, { request: AccessRequest; now?: string }>> = {
    'pending, no vote': { request: pending },
    'pending, Carol approved': { request: { ...pending, votes: [ofCarol] } as AccessRequest },
    'pending, Bob approved': { request: { ...pending, votes: [by('bob', 'approve')] } as AccessRequest },
    'past its time, no vote': { request: pending, now: lapsesAt },
    'past its time, Bob approved': {
      request: { ...pending, votes: [by('bob', 'approve')] } as AccessRequest,
      now: lapsesAt,
    },
    'approved by both': {
      request: {
        ...pending,
        votes: [by('bob', 'approve'), ofCarol],
        status: 'approved',
        approvedAt: at,
      } as AccessRequest,
    },
    'live, approved by both': {
      request: { ...pending, votes: [by('bob', 'approve'), ofCarol], status: 'active', grant } as AccessRequest,
    },
    'ending, approved by both': {
      request: { ...pending, votes: [by('bob', 'approve'), ofCarol], status: 'ending', grant, end } as AccessRequest,
    },
    'denied by Bob': {
      request: {
        ...pending,
        votes: [by('bob', 'deny')],
        status: 'denied',
        closedAt: at,
        deniedBy: 'bob',
        deniedReason: 'no',
      } as AccessRequest,
    },
    'denied by Carol': {
      request: {
        ...pending,
        votes: [by('carol', 'deny')],
        status: 'denied',
        closedAt: at,
        deniedBy: 'carol',
        deniedReason: 'no',
      } as AccessRequest,
    },
    'taken back': { request: { ...pending, status: 'cancelled', closedAt: at } as AccessRequest },
    lapsed: { request: { ...pending, status: 'lapsed', closedAt: at } as AccessRequest },
    'refused later, Bob approved': {
      request: { ...pending, votes: [by('bob', 'approve')], status: 'refused', closedAt: at } as AccessRequest,
    },
  };

  const votes = ({ personId, verdict }: Voter, manner?: Manner) =>
    table(
      situations,
      (requestId) => (ports) => castVote({ requestId, personId, verdict, reason: 'because' }, ports, manner),
    );

  it('to approve', async () => {
    expect(await votes({ personId: 'bob', verdict: 'approve' })).toEqual({
      'pending, no vote': 'vote.cast locked-down locked-down vote.cast locked-down',
      'pending, Carol approved': 'request.approved locked-down locked-down vote.cast locked-down',
      'pending, Bob approved': 'already-voted',
      'past its time, no vote': 'lapsed',
      'past its time, Bob approved': 'lapsed',
      'approved by both': 'kept',
      'live, approved by both': 'kept already-voted kept kept kept',
      'ending, approved by both': 'kept',
      'denied by Bob': 'already-decided',
      'denied by Carol': 'already-decided',
      'taken back': 'already-decided',
      lapsed: 'already-decided',
      'refused later, Bob approved': 'kept',
    });
  });

  it('to deny', async () => {
    expect(await votes({ personId: 'bob', verdict: 'deny' })).toEqual({
      'pending, no vote': 'request.denied',
      'pending, Carol approved': 'request.denied',
      'pending, Bob approved': 'already-voted',
      'past its time, no vote': 'lapsed',
      'past its time, Bob approved': 'lapsed',
      'approved by both': 'already-decided',
      'live, approved by both': 'already-decided',
      'ending, approved by both': 'already-decided',
      'denied by Bob': 'kept',
      'denied by Carol': 'already-decided',
      'taken back': 'already-decided',
      lapsed: 'already-decided',
      'refused later, Bob approved': 'already-decided',
    });
  });

  it.each(['approve', 'deny'] as const)(
    'to %s is never one’s own, nor that of who may not, whatever else is in the way',
    async (verdict) => {
      expect(new Set(Object.values(await votes({ personId: 'alice', verdict })))).toEqual(new Set(['own-request']));
      expect(new Set(Object.values(await votes({ personId: 'dave', verdict })))).toEqual(new Set(['not-an-approver']));
    },
  );

  it.each(voters)('of $personId to $verdict is told the same in a dry run, which saves nothing', async (voter) => {
    expect(await votes(voter, { dryRun: true })).toEqual(dry(await votes(voter)));
  });
});

describe('a vote on more time', () => {
  const waiting: Extension = {
    id: extensionId,
    durationSec: 3600,
    reason: 'INC-42 takes longer',
    askedAt: at,
    decision: decide(policy, { ...ask, durationSec: 3600 }, []),
    votes: [],
    status: 'waiting',
  };
  const votes = [by('bob', 'approve'), by('carol', 'approve')];
  const live = { ...pending, votes, status: 'active', grant, extensions: [waiting] } as LiveRequest;
  const over = { ...live, status: 'ending', end } as AccessRequest;
  const withVotes = <R extends AccessRequest>(request: R, cast: readonly Vote[]): R => ({
    ...request,
    extensions: [{ ...waiting, votes: cast }],
  });
  const answered = (status: 'granted' | 'denied', cast: readonly Vote[]): AccessRequest => ({
    ...live,
    extensions: [
      { ...waiting, status, votes: cast, answeredAt: at, deniedBy: cast.at(-1)?.personId ?? '', deniedReason: 'no' },
    ] as Extension[],
  });
  const situations: Readonly<Record<string, Situation>> = {
    'waiting, no vote': { request: live },
    'waiting, Carol approved': { request: withVotes(live, [by('carol', 'approve')]) },
    'waiting, Bob approved': { request: withVotes(live, [by('bob', 'approve')]) },
    'past the end, no vote': { request: live, now: grant.endsAt },
    'past the end, Bob approved': { request: withVotes(live, [by('bob', 'approve')]), now: grant.endsAt },
    'grant ended, no vote': { request: over },
    'grant ended, Bob approved': { request: withVotes(over, [by('bob', 'approve')]) },
    'granted by both': { request: answered('granted', votes) },
    'denied by Bob': { request: answered('denied', [by('bob', 'deny')]) },
    'denied by Carol': { request: answered('denied', [by('carol', 'deny')]) },
    'never asked for': { request: { ...live, extensions: [] } },
    'no grant': { request: pending },
  };
  const answers = ({ personId, verdict }: Voter, manner?: Manner) =>
    table(
      situations,
      (requestId) => (ports) =>
        answerExtension({ requestId, extensionId, personId, verdict, reason: 'because' }, ports, manner),
    );

  it('to approve', async () => {
    expect(await answers({ personId: 'bob', verdict: 'approve' })).toEqual({
      'waiting, no vote': 'vote.cast locked-down locked-down refused-by-policy locked-down',
      'waiting, Carol approved': 'grant.extended locked-down locked-down refused-by-policy locked-down',
      'waiting, Bob approved': 'already-voted',
      'past the end, no vote': 'lapsed',
      'past the end, Bob approved': 'lapsed',
      'grant ended, no vote': 'lapsed',
      'grant ended, Bob approved': 'lapsed',
      'granted by both': 'kept',
      'denied by Bob': 'already-decided',
      'denied by Carol': 'already-decided',
      'never asked for': 'not-found',
      'no grant': 'not-found',
    });
  });

  it('to deny', async () => {
    expect(await answers({ personId: 'bob', verdict: 'deny' })).toEqual({
      'waiting, no vote': 'extension.denied',
      'waiting, Carol approved': 'extension.denied',
      'waiting, Bob approved': 'already-voted',
      'past the end, no vote': 'lapsed',
      'past the end, Bob approved': 'lapsed',
      'grant ended, no vote': 'lapsed',
      'grant ended, Bob approved': 'lapsed',
      'granted by both': 'already-decided',
      'denied by Bob': 'kept',
      'denied by Carol': 'already-decided',
      'never asked for': 'not-found',
      'no grant': 'not-found',
    });
  });

  it.each(['approve', 'deny'] as const)(
    'to %s is never one’s own, nor that of who may not, whatever else is in the way',
    async (verdict) => {
      expect(new Set(Object.values(await answers({ personId: 'alice', verdict })))).toEqual(
        new Set(['own-request', 'not-found']),
      );
      expect(new Set(Object.values(await answers({ personId: 'dave', verdict })))).toEqual(
        new Set(['not-an-approver', 'not-found']),
      );
    },
  );

  it.each(voters)('of $personId to $verdict is told the same in a dry run, which saves nothing', async (voter) => {
    expect(await answers(voter, { dryRun: true })).toEqual(dry(await answers(voter)));
  });
});
