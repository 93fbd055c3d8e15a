import { describe, expect, it } from 'vitest';
import {
  assumedRoleArnOf,
  isManagedRoleArn,
  isOwnRoleName,
  parseRoleArn,
  roleArnOf,
  roleEverywhere,
  roleNamedIn,
  roleOf,
  roleOfSession,
} from '#core/aws-role.ts';

const role = { accountId: '222222222222', roleName: 'daypass-jit-orders-admin' };

describe('the ARN of a role', () => {
  it('is built and taken apart', () => {
    expect(roleArnOf(role)).toBe('arn:aws:iam::222222222222:role/daypass-jit-orders-admin');
    expect(roleOf('arn:aws:iam::222222222222:role/daypass-jit-orders-admin')).toEqual(role);
    expect(parseRoleArn('arn:aws:iam::222222222222:role/team/a/daypass-jit-orders-admin')).toEqual(role);
  });

  it('is nothing else: no user, no session, no longer text', () => {
    expect(parseRoleArn('arn:aws:iam::222222222222:user/daypass-jit-orders-admin')).toBeUndefined();
    expect(parseRoleArn('arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice')).toBeUndefined();
    expect(parseRoleArn('role: arn:aws:iam::222222222222:role/a')).toBeUndefined();
    expect(parseRoleArn('arn:aws:iam::22222222222:role/a')).toBeUndefined();
  });

  it('is found in the text of an error, in any partition', () => {
    const text = 'not authorized on arn:aws-us-gov:iam::333333333333:role/a/deployment because';
    expect(roleNamedIn(text)).toEqual({ accountId: '333333333333', roleName: 'deployment' });
    expect(roleNamedIn(undefined)).toBeUndefined();
  });

  it('stands in a policy for that role of every account', () => {
    expect(roleEverywhere('daypass-revoker')).toBe('arn:aws:iam::*:role/daypass-revoker');
  });
});

it('a session’s ARN names its role', () => {
  const arn = 'arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice';
  expect(assumedRoleArnOf(role, 'alice')).toBe(arn);
  expect(roleOfSession(arn)).toEqual(role);
  expect(roleOfSession('arn:aws-cn:sts::222222222222:assumed-role/x/y')).toEqual({
    accountId: '222222222222',
    roleName: 'x',
  });
  expect(roleOfSession('arn:aws:iam::222222222222:role/x')).toBeUndefined();
});

it('a managed role has the prefix and no path', () => {
  expect(isManagedRoleArn('arn:aws:iam::222222222222:role/daypass-jit-orders-admin')).toBe(true);
  expect(isManagedRoleArn('arn:aws:iam::222222222222:role/team/daypass-jit-orders-admin')).toBe(false);
  expect(isManagedRoleArn('arn:aws:iam::222222222222:role/daypass-jit-a/b')).toBe(false);
  expect(isManagedRoleArn('arn:aws:iam::222222222222:role/daypass-jit-')).toBe(false);
  expect(isManagedRoleArn('arn:aws:iam::222222222222:role/daypass-revoker')).toBe(false);
});

it('Daypass’s own roles are those of its machinery, not those it lends', () => {
  const names = [
    'daypass-sweep',
    'daypass-revoker',
    'Daypass-Revoker',
    'daypass-jit-a',
    'Daypass-JIT-a',
    'build-agent',
  ];
  expect(names.filter(isOwnRoleName)).toEqual(['daypass-sweep', 'daypass-revoker', 'Daypass-Revoker']);
});
