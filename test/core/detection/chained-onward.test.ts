import { describe, expect, it } from 'vitest';
import { stepsOf } from '#core/chain/steps.ts';
import { knownFrom } from '#core/detection/known.ts';
import type { Chaining, Policy } from '#core/policy/policy.ts';
import { active, endedAt, policy } from '#test/fixtures/alert-world.ts';
import { fromPayments, payments, reports, step } from '#test/fixtures/cloudtrail/chain.ts';
import { brief, found } from './found.ts';

const [sample] = policy.entitlements;
if (!sample) throw new Error('There is no entitlement.');
const entitlement = (id: string, roleArn: string, chaining: Chaining) => ({
  ...sample,
  id,
  accountId: roleArn.split(':')[4] ?? '',
  roleName: roleArn.split('/').at(-1) ?? '',
  chaining,
});
const orders = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const outside = 'arn:aws:iam::333333333333:role/reports-of-old';
const elsewhere = 'arn:aws:iam::444444444444:role/daypass-jit-reports';

/** Sessions of orders-admin may go on to payments-admin, and those of that to reports. */
const chained = (first: Chaining = { into: [payments] }): Policy => ({
  ...policy,
  entitlements: [
    entitlement('orders-admin', orders, first),
    entitlement('payments-admin', payments, { into: [reports, orders] }),
    entitlement('partner-reports', reports, false),
  ],
});
const known = (of: Policy = chained()) => ({ ...knownFrom(of), tagged: active });

describe('case 60: a session that went on to another managed role', () => {
  it('is explained by its grant where the policy names the role, at each step', () => {
    expect(brief(step(), known())).toEqual([]);
    expect(brief(step({ from: fromPayments, into: reports }), known())).toEqual([]);
    expect(brief(step({ from: fromPayments, into: orders }), known())).toEqual([]);
  });

  it('is explained in the copy of the account that owns the role, which does not tell who went on', () => {
    expect(brief(step({ from: fromPayments, into: reports, copyOfTarget: true }), known())).toEqual([]);
  });

  it('is found in another way of writing its name', () => {
    expect(brief(step({ request: { roleArn: payments.replace('daypass-jit', 'Daypass-JIT') } }), known())).toEqual([]);
  });

  it.each([
    [
      'where the entitlement forbids it',
      known(chained(false)),
      step(),
      'the policy does not let it go on to this role',
    ],
    ['past the role in between', known(), step({ into: reports }), 'the policy does not let it go on to this role'],
    [
      'where another entitlement may',
      known(chained({ into: [outside] })),
      step({ from: fromPayments, into: reports }),
      'the policy does not let it go on to this role',
    ],
    ['as somebody else', known(), step({ person: 'carol' }), 'the grant it names is somebody else’s'],
    [
      'with the tags of another entitlement',
      known(),
      step({ tags: { 'daypass:grant': active.id, 'daypass:entitlement': 'orders-read' } }),
      'its tags are not those of the grant',
    ],
  ])('is an alert %s', (_, what, event, why) => {
    const [finding] = found(event, what);
    expect(finding).toMatchObject({ detection: 'assumed-without-grant', severity: 'critical', facts: { Why: why } });
    expect(finding?.session?.grantId).toBeUndefined();
  });

  it('is an alert where the grant’s tag is passed instead of inherited: whoever calls can write that', () => {
    const forged = step({
      tags: {},
      request: {
        sourceIdentity: 'alice',
        tags: [
          { key: 'daypass:grant', value: active.id },
          { key: 'daypass:entitlement', value: 'orders-admin' },
        ],
      },
    });
    expect(found(forged, known())).toMatchObject([
      { detection: 'assumed-without-grant', facts: { Why: 'the grant it names is for another role' } },
    ]);
  });

  it('is an alert with less urgency once the grant has ended', () => {
    const late = { ...known(), tagged: endedAt('2026-11-22T10:02:00.000Z', 'revoked') };
    expect(brief(step({ at: '2026-11-22T10:02:50Z' }), late)).toEqual([]);
    expect(brief(step({ at: '2026-11-22T10:03:01Z' }), late)).toEqual(['assumed-without-grant high']);
  });
});

describe('case 60: a session that went on where Daypass cannot end it', () => {
  it('is an alert that names role, account and what to do, for a role that no entitlement lends', () => {
    const [finding, ...others] = found(step({ into: outside }), known(chained({ into: [outside] })));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      detection: 'chain-out-of-reach',
      severity: 'high',
      accountId: '333333333333',
      roleArn: outside,
      personId: 'alice',
    });
    expect(finding?.summary).toContain('reports-of-old (333333333333)');
    expect(finding?.summary).toContain('Onboard account 333333333333');
  });

  it('says that the account is not known', () => {
    const [finding] = found(step({ into: elsewhere }), known(chained({ into: [elsewhere] })));
    expect(finding?.summary).toContain('its account is not in the access policy');
  });

  it('is critical where the policy did not name the role either', () => {
    expect(brief(step({ into: outside }), known())).toEqual(['chain-out-of-reach critical']);
  });

  it('is nothing for a role session of anybody else', () => {
    expect(brief(step({ into: outside, tags: {} }), known())).toEqual([]);
    expect(brief(step({ into: outside }), knownFrom(chained()))).toEqual([]);
  });
});

describe('the steps of a policy', () => {
  it('that lead back to where they came from come to an end', () => {
    const round = { ...known(), steps: stepsOf(chained({ into: [payments] })) };
    expect(brief(step({ from: fromPayments, into: orders }), round)).toEqual([]);
  });
});
