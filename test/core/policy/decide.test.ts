import { describe, expect, it } from 'vitest';
import {
  alertMayDismiss,
  alertMayRevoke,
  askable,
  decide,
  mayApprove,
  mayRevoke,
  stillAllowed,
} from '#core/policy/decide.ts';
import type { Ask } from '#core/policy/decision.ts';
import { samplePolicy, stored } from '#test/kit/policy.ts';

const policy = samplePolicy();
const ask = (change: Partial<Ask> = {}): Ask => ({
  personId: 'alice',
  entitlementId: 'orders-admin',
  durationSec: 1_800,
  reason: 'fixing INC-42',
  ...change,
});
const verdictOf = (change: Partial<Ask>) => decide(policy, ask(change), []).verdict;
const reasonsOf = (change: Partial<Ask>, of = policy) => {
  const decision = decide(of, ask(change), []);
  return decision.verdict === 'refused' ? decision.reasons : [];
};

describe('decide', () => {
  it('allows orders-read without approval', () => {
    expect(decide(policy, ask({ entitlementId: 'orders-read' }), [])).toMatchObject({
      verdict: 'allowed',
      policyDigest: policy.digest,
    });
  });

  it('needs one lead for orders-admin and says who', () => {
    expect(decide(policy, ask(), [])).toMatchObject({
      verdict: 'needs-approval',
      count: 1,
      approvers: ['bob', 'carol'],
      groups: ['leads'],
    });
  });

  it('never counts the one who asks among the approvers', () => {
    expect(decide(policy, ask({ personId: 'bob' }), [])).toMatchObject({
      verdict: 'needs-approval',
      approvers: ['carol'],
    });
  });

  it('has a line for each rule', () => {
    expect(decide(policy, ask(), []).trace).toEqual([
      { rule: 'people', result: 'satisfied', because: 'Alice is in the access policy.' },
      { rule: 'entitlements', result: 'satisfied', because: 'orders-admin is an entitlement.' },
      {
        rule: 'entitlements.orders-admin.mayAsk',
        result: 'satisfied',
        because: 'Alice is in developers, who may ask for orders-admin.',
      },
      {
        rule: 'entitlements.orders-admin.duration.min',
        result: 'satisfied',
        because: '30 minutes is at least 5 seconds.',
      },
      {
        rule: 'entitlements.orders-admin.duration.max',
        result: 'satisfied',
        because: '30 minutes is at most 4 hours.',
      },
      { rule: 'requests.reason', result: 'satisfied', because: 'A reason is given.' },
      {
        rule: 'entitlements.orders-admin.approval',
        result: 'satisfied',
        because: 'orders-admin needs 1 person of leads, never the one who asks.',
      },
      {
        rule: 'entitlements.orders-admin.approval.count',
        result: 'satisfied',
        because: 'Besides the one who asks, these people can approve: Bob and Carol.',
      },
    ]);
  });

  it.each([4, 14_401, 32_400, 1e9, 0, -1, 0.5, 60.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300])(
    'refuses a duration of %d seconds',
    (durationSec) => {
      expect(verdictOf({ durationSec })).toBe('refused');
    },
  );

  it.each([5, 14_400])('takes the bound of %i seconds itself', (durationSec) => {
    expect(verdictOf({ durationSec })).toBe('needs-approval');
  });

  it('says the limits and what was asked for', () => {
    expect(reasonsOf({ durationSec: 32_400 })).toEqual([
      'orders-admin can be asked for at least 5 seconds and at most 4 hours; you asked for 9 hours.',
    ]);
  });

  it.each(['', '   ', '\n\t', '\u200b\u200d', '\u2800', '\u3164', '\u202e'])(
    'refuses the blank reason %j',
    (reason) => {
      expect(reasonsOf({ reason })).toEqual(['Say why you need it: the reason is empty.']);
    },
  );

  it('counts a reason in characters as people do', () => {
    expect(verdictOf({ reason: '🔥'.repeat(500) })).toBe('needs-approval');
    expect(reasonsOf({ reason: 'x'.repeat(501) })).toEqual([
      'The reason may have at most 500 characters; yours has 501. Shorten it, or link to the details.',
    ]);
  });

  it('says everything that is wrong at once', () => {
    expect(reasonsOf({ durationSec: 32_400, reason: '' })).toHaveLength(2);
  });

  it('refuses dave, who is in no group, and says what to do', () => {
    expect(reasonsOf({ personId: 'dave' })).toEqual([
      'There is no orders-admin that you can ask for. You are in no group that may ask for anything: ask an owner of the access policy to add you.',
    ]);
  });

  it('refuses somebody it does not know without naming anything', () => {
    expect(reasonsOf({ personId: 'mallory', durationSec: 0 })).toEqual([
      'The access policy does not know you. Ask one of its owners to add you to its people.',
    ]);
  });

  it('tells a misspelt name from what the person may ask for', () => {
    expect(reasonsOf({ entitlementId: 'order-admin' })).toEqual([
      'There is no order-admin that you can ask for. Did you mean orders-admin?',
    ]);
    expect(reasonsOf({ entitlementId: 'root' })).toEqual([
      'There is no root that you can ask for. You can ask for orders-read, orders-admin and payments-admin.',
    ]);
  });

  it.each(['<!channel>', '*x*', 'arn:aws:iam::222222222222:role/*', 'x'.repeat(5_000), '', '__proto__', 'a\nb'])(
    'does not repeat %j, which is no name',
    (entitlementId) => {
      expect(reasonsOf({ entitlementId })).toEqual([
        'There is no such entitlement that you can ask for. You can ask for orders-read, orders-admin and payments-admin.',
      ]);
    },
  );

  it.each(['constructor', 'toString', 'hasOwnProperty'])('does not take %s for an entitlement or a person', (name) => {
    expect(verdictOf({ entitlementId: name })).toBe('refused');
    expect(verdictOf({ personId: name })).toBe('refused');
  });

  it('reads the same for an entitlement that is not there and for one that is not yours', () => {
    const withSecret = samplePolicy([
      '    mayAsk: [developers]\n    duration: { min: 5s, default: 30m, max: 2h }',
      '    mayAsk: [leads]\n    duration: { min: 5s, default: 30m, max: 2h }',
    ]);
    const without = {
      ...withSecret,
      entitlements: withSecret.entitlements.filter(({ id }) => id !== 'payments-admin'),
    };
    const hidden = { entitlementId: 'payments-admin', durationSec: 99_999, reason: '' };
    expect(reasonsOf(hidden, withSecret)).toEqual(reasonsOf(hidden, without));
    expect(reasonsOf(hidden, withSecret)).not.toEqual([]);
  });

  it('refuses where too few approvers are left besides the one who asks', () => {
    expect(reasonsOf({ personId: 'bob', entitlementId: 'payments-admin' })).toEqual([
      'payments-admin needs the approval of 2 people of leads; besides you that leaves only Carol. Ask an owner of the access policy to add approvers.',
    ]);
  });
});

describe('askable', () => {
  it('is what the groups of the person may ask for, and nothing for dave or a stranger', () => {
    expect(askable(policy, 'alice').map(({ id }) => id)).toEqual(['orders-read', 'orders-admin', 'payments-admin']);
    expect(askable(policy, 'dave')).toEqual([]);
    expect(askable(policy, 'mallory')).toEqual([]);
  });
});

describe('stillAllowed', () => {
  const votes = (...people: string[]) => people.map((personId) => ({ personId, verdict: 'approve' as const }));
  const payments = ask({ entitlementId: 'payments-admin' });

  it('holds for one approval of one', () => {
    expect(stillAllowed(policy, stored(policy, { ...ask(), votes: votes('bob') }), [])).toEqual({ ok: true });
  });

  it('needs no vote where none is needed', () => {
    expect(stillAllowed(policy, stored(policy, { ...ask({ entitlementId: 'orders-read' }), votes: [] }), [])).toEqual({
      ok: true,
    });
  });

  it('counts a human once, however often they voted', () => {
    expect(stillAllowed(policy, stored(policy, { ...payments, votes: votes('bob', 'bob') }), [])).toEqual({
      ok: false,
      reasons: ['payments-admin still needs the approval of 1 person of leads.'],
      missing: 1,
    });
    expect(stillAllowed(policy, stored(policy, { ...payments, votes: votes('bob', 'carol') }), [])).toEqual({
      ok: true,
    });
  });

  it.each(['alice', 'dave', 'mallory'])('does not count %s, who is no approver', (voter) => {
    expect(stillAllowed(policy, stored(policy, { ...ask(), votes: votes(voter) }), [])).toMatchObject({
      ok: false,
      missing: 1,
    });
  });

  it('does not count the requester, a lead too', () => {
    expect(
      stillAllowed(policy, stored(policy, { ...ask({ personId: 'bob' }), votes: votes('bob') }), []),
    ).toMatchObject({
      ok: false,
      missing: 1,
    });
  });

  it('no longer counts an approver who left the group', () => {
    const later = samplePolicy(['leads: [bob, carol]', 'leads: [carol]'], ['count: 2', 'count: 1']);
    expect(stillAllowed(later, stored(policy, { ...ask(), votes: votes('bob') }), [])).toMatchObject({ ok: false });
  });

  it('no longer allows what was tightened after the approval', () => {
    const later = samplePolicy(['max: 4h', 'max: 30m']);
    const long = { ...ask({ durationSec: 3_600 }), votes: votes('bob') };
    expect(stillAllowed(policy, stored(policy, long), [])).toEqual({ ok: true });
    expect(stillAllowed(later, stored(policy, long), [])).toEqual({
      ok: false,
      reasons: ['orders-admin can be asked for at least 5 seconds and at most 30 minutes; you asked for 1 hour.'],
      missing: 0,
    });
  });

  it('no longer allows anything to a requester who left', () => {
    const later = samplePolicy(['developers: [alice, bob, carol]', 'developers: [bob, carol]']);
    expect(stillAllowed(later, stored(policy, { ...ask(), votes: votes('bob') }), [])).toMatchObject({
      ok: false,
      missing: 0,
    });
  });

  it('allows nothing once somebody denied', () => {
    const both = [...votes('bob'), { personId: 'carol', verdict: 'deny' as const }];
    expect(stillAllowed(policy, stored(policy, { ...ask(), votes: both }), [])).toEqual({
      ok: false,
      reasons: ['Carol denied it.'],
      missing: 0,
    });
  });
});

describe('authority', () => {
  const request = ask();

  it('lets the leads approve, but not the requester, a developer or a stranger', () => {
    const people = ['alice', 'bob', 'carol', 'dave', 'mallory'];
    expect(people.filter((personId) => mayApprove(policy, request, personId))).toEqual(['bob', 'carol']);
    expect(people.filter((personId) => mayApprove(policy, { ...request, personId: 'bob' }, personId))).toEqual([
      'carol',
    ]);
  });

  it('lets nobody approve what needs no approval or is not there', () => {
    expect(mayApprove(policy, ask({ entitlementId: 'orders-read' }), 'bob')).toBe(false);
    expect(mayApprove(policy, ask({ entitlementId: 'gone' }), 'bob')).toBe(false);
  });

  it('lets approvers and the groups of mayRevoke end a grant, also one whose entitlement is gone', () => {
    const people = ['alice', 'bob', 'carol', 'dave'];
    expect(people.filter((personId) => mayRevoke(policy, request, personId))).toEqual(['bob', 'carol']);
    expect(mayRevoke(policy, ask({ entitlementId: 'gone' }), 'bob')).toBe(true);
    const approversOnly = samplePolicy(['\nmayRevoke: [leads]', '\nmayRevoke: []']);
    expect(mayRevoke(approversOnly, request, 'bob')).toBe(true);
    expect(mayRevoke(approversOnly, ask({ entitlementId: 'orders-read' }), 'bob')).toBe(false);
  });

  it('opens Revoke on an alert to more people than Expected', () => {
    const people = ['alice', 'bob', 'carol', 'dave', 'mallory'];
    expect(people.filter((personId) => alertMayRevoke(policy, personId))).toEqual(['alice', 'bob', 'carol']);
    expect(people.filter((personId) => alertMayDismiss(policy, personId))).toEqual(['bob', 'carol']);
  });
});

it('what leads to another role by now is not what anybody approved', () => {
  const approved = stored(samplePolicy(), { ...ask(), votes: [{ personId: 'bob', verdict: 'approve' as const }] });
  expect(stillAllowed(samplePolicy(), approved, [])).toEqual({ ok: true });
  const elsewhere = samplePolicy(['role: daypass-jit-orders-admin', 'role: daypass-jit-root']);
  expect(stillAllowed(elsewhere, approved, [])).toEqual({
    ok: false,
    reasons: ['orders-admin is another role now than the one asked for.'],
    missing: 0,
  });
});
