import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createIdentity } from '#local/aws/iam/identity.ts';
import { keyRing } from '#local/aws/iam/keys.ts';
import type { RoleSeed } from '#local/aws/iam/seed.ts';
import { turnableClock } from '#local/clock.ts';
import { allow, smallWorld, trust } from '../sts/identity-stack.ts';

const production = '222222222222';
const boundaryArn = `arn:aws:iam::${production}:policy/limit`;
const limit = { accountId: production, policyName: 'limit', document: allow('s3:*') };
const lent = (over: Partial<RoleSeed> = {}): RoleSeed => ({
  accountId: production,
  roleName: 'lent',
  trust: trust({ AWS: production }),
  policies: { permissions: allow('s3:GetObject') },
  permissionsBoundary: boundaryArn,
  ...over,
});

const open = (db = new DatabaseSync(':memory:')) => {
  const { iam } = createIdentity({ db, clock: turnableClock(), keys: keyRing(new Uint8Array(32).fill(1)) });
  iam.seed(smallWorld);
  const row = () =>
    db.prepare("SELECT id, trust, boundary_arn AS boundary FROM iam_principals WHERE name = 'lent'").get();
  const policies = () =>
    db
      .prepare('SELECT name, document FROM iam_inline_policies WHERE owner_id = ? ORDER BY name')
      .all(String(row()?.id));
  return { db, iam, row, policies };
};

describe('a template', () => {
  it('makes what is not there, the boundary before the roles that have it', () => {
    const { iam, row } = open();
    iam.deploy({ managedPolicies: [limit], roles: [lent()] });
    expect(row()).toMatchObject({ boundary: boundaryArn });
  });

  it('that says the same as last time leaves alone what an administrator changed', () => {
    const { db, iam } = open();
    iam.deploy({ managedPolicies: [limit], roles: [lent()] });
    db.prepare("UPDATE iam_principals SET boundary_arn = NULL WHERE name = 'lent'").run();
    const next = open(db);
    next.iam.deploy({ managedPolicies: [limit], roles: [lent()] });
    expect(next.row()).toMatchObject({ boundary: null });
  });

  it('that says something else is put in force, and the role keeps its id and what others wrote', () => {
    const { db, iam, row, policies } = open();
    iam.deploy({ managedPolicies: [limit], roles: [lent()] });
    const before = row();
    db.prepare('INSERT INTO iam_inline_policies VALUES (?, ?, ?)').run(
      String(before?.id),
      'AWSRevokeOlderSessions',
      '{}',
    );
    const narrower = allow('s3:HeadObject');
    iam.deploy({
      managedPolicies: [{ ...limit, document: narrower }],
      roles: [lent({ trust: trust({ AWS: '111111111111' }), policies: { permissions: narrower } })],
    });
    expect(row()).toEqual({ ...before, trust: JSON.stringify(trust({ AWS: '111111111111' })) });
    expect(policies()).toEqual([
      { name: 'AWSRevokeOlderSessions', document: '{}' },
      { name: 'permissions', document: JSON.stringify(narrower) },
    ]);
    expect(db.prepare('SELECT document FROM iam_managed_policies WHERE arn = ?').get(boundaryArn)).toEqual({
      document: JSON.stringify(narrower),
    });
  });

  it('brings up to date a role of a data folder from before there were templates', () => {
    const { db, iam, row, policies } = open();
    iam.seed({
      ...smallWorld,
      roles: [{ accountId: production, roleName: 'lent', trust: trust('*'), policies: { permissions: allow('*') } }],
    });
    const before = row();
    db.prepare('INSERT INTO iam_inline_policies VALUES (?, ?, ?)').run(
      String(before?.id),
      'AWSRevokeOlderSessions',
      '{}',
    );
    iam.deploy({ managedPolicies: [limit], roles: [lent()] });
    expect(row()).toEqual({ id: before?.id, trust: JSON.stringify(lent().trust), boundary: boundaryArn });
    expect(policies().map(({ name }) => name)).toEqual(['AWSRevokeOlderSessions', 'permissions']);
  });

  it('makes a role again that somebody deleted', () => {
    const { db, iam, row } = open();
    iam.deploy({ managedPolicies: [limit], roles: [lent()] });
    db.prepare("DELETE FROM iam_principals WHERE name = 'lent'").run();
    iam.deploy({ managedPolicies: [limit], roles: [lent()] });
    expect(row()).toMatchObject({ boundary: boundaryArn });
  });

  it('with one role that cannot be made changes nothing', () => {
    const { iam, row } = open();
    const broken = lent({ roleName: 'broken', permissionsBoundary: 'arn:aws:iam::222222222222:policy/none' });
    expect(() => iam.deploy({ managedPolicies: [limit], roles: [lent(), broken] })).toThrow(
      'does not exist or is not attachable',
    );
    expect(row()).toBeUndefined();
  });
});

describe('an AWS service with a role', () => {
  const sourceArn = `arn:aws:events:us-east-1:${production}:rule/mine`;
  const forwarding = lent({
    trust: trust({ Service: 'events.amazonaws.com' }, 'sts:AssumeRole', {
      Condition: { StringEquals: { 'aws:SourceAccount': production }, ArnLike: { 'aws:SourceArn': sourceArn } },
    }),
    policies: { forward: allow('events:PutEvents', 'arn:aws:events:us-east-1:111111111111:event-bus/default') },
  });
  const ask = {
    service: 'events.amazonaws.com',
    roleArn: `arn:aws:iam::${production}:role/lent`,
    sourceArn,
    action: 'events:PutEvents',
    resource: 'arn:aws:events:us-east-1:111111111111:event-bus/default',
    context: {},
  };
  it.each([
    ['may do what the role may', {}, true],
    ['may not for another rule', { sourceArn: `${sourceArn}-too` }, false],
    ['may not for a rule of another account', { sourceArn: sourceArn.replace(production, '333333333333') }, false],
    ['may not where the role trusts another service', { service: 'lambda.amazonaws.com' }, false],
    ['may not on another bus', { resource: 'arn:aws:events:us-east-1:333333333333:event-bus/default' }, false],
    ['may not with a role that is not there', { roleArn: `arn:aws:iam::${production}:role/gone` }, false],
  ])('%s', (_, over, expected) => {
    const { iam } = open();
    iam.deploy({ managedPolicies: [limit], roles: [forwarding] });
    expect(iam.serviceMay({ ...ask, ...over })).toBe(expected);
  });
});
