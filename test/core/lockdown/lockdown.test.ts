import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { begun, finished, lifted } from '#core/lockdown/change.ts';
import { covers, type InForce, type LockdownScope, lockdownOver } from '#core/lockdown/lockdown.ts';
import { rolesUnder, scopeNamed } from '#core/lockdown/name-scope.ts';
import { inSlices, pageSize, sliceSize } from '#core/lockdown/pages.ts';
import { type Hit, progressOf, tallyOf } from '#core/lockdown/tally.ts';
import { lockedWords } from '#core/lockdown/words.ts';
import { decide, stillAllowed } from '#core/policy/decide.ts';
import { firstBreak } from '#core/request/audit-chain.ts';
import { samplePolicy, stored } from '#test/kit/policy.ts';

const policy = samplePolicy();
const at = '2026-11-23T10:00:05.000Z';
const production = '222222222222';
const role: LockdownScope = { kind: 'role', accountId: production, roleName: 'daypass-jit-orders-admin' };
const down = (scope: LockdownScope, begunBy = 'bob'): InForce => ({
  id: '01JD8Q00000000000000000000',
  scope,
  reason: 'laptop stolen',
  begunAt: at,
  begunBy,
});
const ask = { personId: 'alice', entitlementId: 'orders-admin', durationSec: 60, reason: 'fixing INC-42' };
const voted = { ...stored(policy, ask), votes: [{ personId: 'bob', verdict: 'approve' as const }] };
const scopes: readonly LockdownScope[] = [
  { kind: 'person', personId: 'alice' },
  role,
  { kind: 'account', accountId: production },
];

describe('a decision', () => {
  it.each(scopes)('under a lockdown of $kind is no, whoever approved', (scope) => {
    expect(stillAllowed(policy, voted, []).ok).toBe(true);
    expect(stillAllowed(policy, voted, [down(scope)])).toMatchObject({ ok: false, missing: 0 });
    expect(decide(policy, ask, [down(scope)]).trace).toContainEqual(
      expect.objectContaining({ rule: 'lockdown', result: 'not-satisfied' }),
    );
  });

  it.each<LockdownScope>([
    { kind: 'person', personId: 'carol' },
    { kind: 'role', accountId: '333333333333', roleName: 'daypass-jit-orders-admin' },
    { kind: 'role', accountId: production, roleName: 'daypass-jit-orders-read' },
    { kind: 'account', accountId: '333333333333' },
  ])('is as before under a lockdown of something else: %j', (scope) => {
    expect(stillAllowed(policy, voted, [down(scope)])).toEqual({ ok: true });
  });

  it('counts no approval of somebody who is locked down since, and says that a fresh vote is needed', () => {
    const ofBob = [down({ kind: 'person', personId: 'bob' })];
    expect(stillAllowed(policy, voted, ofBob)).toEqual({
      ok: false,
      missing: 1,
      freshVote: true,
      reasons: ['orders-admin needs a fresh vote: what Bob approved no longer counts, because of a lockdown.'],
    });
    const votes = [...voted.votes, { personId: 'carol', verdict: 'approve' as const }];
    expect(stillAllowed(policy, { ...voted, votes }, ofBob)).toEqual({ ok: true });
  });

  it('counts no approval that was struck, also when the lockdown is over', () => {
    const struck = { at, lockdownId: '01JD8Q00000000000000000000' };
    const votes = voted.votes.map((vote) => ({ ...vote, struck }));
    expect(stillAllowed(policy, { ...voted, votes }, [])).toMatchObject({ ok: false, freshVote: true });
  });

  it('says no for good where more than a vote is in the way', () => {
    const ofBob = [down({ kind: 'person', personId: 'bob' })];
    const without = samplePolicy(['role: daypass-jit-orders-admin', 'role: daypass-jit-orders-other']);
    for (const said of [stillAllowed(without, voted, ofBob), stillAllowed(policy, { ...voted, votes: [] }, ofBob)]) {
      expect(said.ok).toBe(false);
      expect(said).not.toHaveProperty('freshVote');
    }
  });

  it('says by whom and since when, and nothing else that would be refused as well', () => {
    const decision = decide(policy, { ...ask, durationSec: 1 }, [down(role)]);
    expect(decision).toMatchObject({
      verdict: 'refused',
      reasons: [
        'The role daypass-jit-orders-admin in production is locked down, by Bob since 2026-11-23 10:00:05 UTC: nothing is asked for, approved or handed out until that is lifted.',
      ],
    });
  });

  it('does not tell somebody who may not ask that a role is locked down, or there', () => {
    const strangers = { ...ask, personId: 'dave' };
    expect(decide(policy, strangers, [down(role)])).toMatchObject({
      reasons: (decide(policy, strangers, []) as { reasons?: unknown }).reasons,
    });
  });
});

test('who is locked down is told how it is lifted: by somebody else', () => {
  const words = lockedWords(policy, down({ kind: 'person', personId: 'bob' }, 'bob'), 'bob');
  expect(words).toEqual({
    message:
      'You are locked down, by you since 2026-11-23 10:00:05 UTC: nothing is asked for, approved or handed out until that is lifted.',
    next: { do: 'have-lifted', who: 'Somebody of leads other than you', kind: 'person', name: 'bob' },
  });
});

describe('a name', () => {
  it.each<[string, string, LockdownScope]>([
    ['person', 'alice', { kind: 'person', personId: 'alice' }],
    ['person', 'Alice@Example.com', { kind: 'person', personId: 'alice' }],
    ['person', 'U0ALICE', { kind: 'person', personId: 'alice' }],
    ['account', 'production', { kind: 'account', accountId: production }],
    ['account', production, { kind: 'account', accountId: production }],
    ['role', 'daypass-jit-orders-admin', role],
    ['role', 'production/daypass-jit-orders-admin', role],
    ['role', `arn:aws:iam::${production}:role/daypass-jit-orders-admin`, role],
    ['role', 'orders-admin', role],
  ])('%s %s is understood', (kind, name, scope) => {
    expect(scopeNamed(policy, kind, name)).toEqual({ ok: true, value: scope });
  });

  it.each([
    ['person', 'alise', 'Did you mean alice?'],
    ['account', 'prodution', 'Did you mean production?'],
    ['role', 'daypass-jit-orders-admni', 'Did you mean daypass-jit-orders-admin?'],
    ['person', 'zzzzzzzz', 'Known: alice, bob, carol and dave.'],
    ['group', 'leads', 'Name one: person alice, role production/daypass-jit-orders-admin, account production.'],
    ['person', '', 'Name one: person alice, role production/daypass-jit-orders-admin, account production.'],
  ])('%s “%s” is not, and the one who typed it is helped', (kind, name, next) => {
    expect(scopeNamed(policy, kind, name)).toMatchObject({ ok: false, refusal: { next } });
  });

  it('that two accounts have is asked about', () => {
    const twice = samplePolicy(
      ['role: daypass-jit-payments-admin', 'role: daypass-jit-orders-read\n    acceptWeaker: Both are one role.'],
      [
        'description: Read and change the payments table\n    account: production',
        'description: Read and change the payments table\n    account: partner',
      ],
    );
    expect(scopeNamed(twice, 'role', 'daypass-jit-orders-read')).toMatchObject({
      ok: false,
      refusal: { next: 'Say which one: production/daypass-jit-orders-read, partner/daypass-jit-orders-read.' },
    });
  });

  it('is shown again only where it can be no markup', () => {
    const outcome = scopeNamed(policy, 'person', '<!channel>');
    expect(outcome).toMatchObject({ refusal: { message: 'There is no person of that name in the access policy.' } });
  });
});

test('an account is to all its managed roles, each once; a person is to none alone', () => {
  expect(rolesUnder(policy, { kind: 'account', accountId: production })).toEqual([
    `arn:aws:iam::${production}:role/daypass-jit-orders-admin`,
    `arn:aws:iam::${production}:role/daypass-jit-orders-read`,
    `arn:aws:iam::${production}:role/daypass-jit-payments-admin`,
  ]);
  expect(rolesUnder(policy, { kind: 'person', personId: 'alice' })).toEqual([]);
});

test('covered is what a lockdown over it is found for, and nothing else', () => {
  const some = fc.constantFrom('a', 'b');
  const lockable = fc.record({ personId: some, accountId: some, roleName: some });
  const scope: fc.Arbitrary<LockdownScope> = fc.oneof(
    fc.record({ kind: fc.constant('person' as const), personId: some }),
    fc.record({ kind: fc.constant('role' as const), accountId: some, roleName: some }),
    fc.record({ kind: fc.constant('account' as const), accountId: some }),
  );
  fc.assert(
    fc.property(fc.array(scope), lockable, (all, one) => {
      const over = lockdownOver(
        all.map((each) => down(each)),
        one,
      );
      expect(over !== undefined).toBe(all.some((each) => covers(each, one)));
    }),
  );
});

describe('what was met', () => {
  const hits: readonly Hit[] = [
    { subject: { kind: 'request', requestId: '01A' }, outcome: 'verified' },
    { subject: { kind: 'request', requestId: '01B' }, outcome: 'failed' },
    { subject: { kind: 'request', requestId: '01C' }, outcome: 'closed' },
    { subject: { kind: 'request', requestId: '01D' }, outcome: 'found' },
    {
      subject: { kind: 'role', roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin' },
      outcome: 'verified',
    },
  ];

  it('is counted: grants apart from requests that had not begun, roles apart from both, failures by name', () => {
    expect(tallyOf(hits)).toEqual({
      grants: 3,
      verified: 1,
      closed: 1,
      failed: ['01B'],
      roles: { verified: 1, all: 1 },
    });
  });

  it('moves on with every step that one of it takes', () => {
    const steps = (['found', 'failed', 'verified'] as const).map((outcome) =>
      progressOf([{ subject: { kind: 'request', requestId: '01A' }, outcome }]),
    );
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    expect(new Set(steps).size).toBe(3);
  });

  it('in slices is all of it, in order, and a page holds ten', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (subjects) => {
        const slices = inSlices(subjects);
        expect(slices.flat()).toEqual(subjects);
        expect(slices.every(({ length }) => length > 0 && length <= sliceSize)).toBe(true);
      }),
    );
    expect(inSlices(Array.from({ length: pageSize }, String))).toHaveLength(10);
  });

  it('fits into one execution for 10,000 grants, whatever fails: 25,000 events of history', () => {
    const pages = 10_000 / pageSize;
    expect(pages * (10 * 30 + 15)).toBeLessThan(25_000);
  });
});

describe('the life of a lockdown', () => {
  const first = begun({ id: '01J', scope: role, reason: 'INC-42', at, by: 'bob' }, { grants: 2 });

  it('is one chain of audit entries, with what the one who confirmed was told', () => {
    const second = finished(
      first.lockdown,
      [{ subject: { kind: 'request', requestId: '01A' }, outcome: 'verified' }],
      at,
    );
    if (second?.lockdown.status !== 'in-force') throw new Error('It is not in force.');
    const third = lifted(second.lockdown, { at, by: 'carol', reason: 'over' });
    const entries = [first.audit, second.audit, third.audit];
    expect(firstBreak(entries, third.lockdown.auditHead)).toBeUndefined();
    expect(entries.map(({ actor, fact }) => `${actor}: ${fact}`)).toEqual([
      'bob: lockdown.begun',
      'daypass: lockdown.finished',
      'carol: lockdown.lifted',
    ]);
    expect(first.audit.detail).toMatchObject({ grants: 2, reason: 'INC-42' });
    expect(firstBreak([first.audit, { ...second.audit, actor: 'dave' }], second.lockdown.auditHead)).toBe(2);
  });

  it('tells the same end once, and another one again', () => {
    const hit = (outcome: Hit['outcome']): Hit[] => [{ subject: { kind: 'request', requestId: '01A' }, outcome }];
    const once = finished(first.lockdown, hit('failed'), at);
    if (!once) throw new Error('It was not told.');
    expect(finished(once.lockdown, hit('failed'), at)).toBeUndefined();
    expect(finished(once.lockdown, hit('verified'), at)?.events).toMatchObject([{ name: 'lockdown.finished' }]);
  });
});
