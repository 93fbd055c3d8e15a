import { describe, expect, test } from 'vitest';
import { denyPolicyChanged } from '#events/rules/deny-policy-changed.ts';
import { managedSessionUsed } from '#events/rules/managed-session-used.ts';
import { roleAssumed } from '#events/rules/role-assumed.ts';
import { roleTrustChanged } from '#events/rules/role-trust-changed.ts';
import { checkPattern } from '#local/aws/events/check-pattern.ts';
import { matches } from '#local/aws/events/pattern.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';

const rules = [roleAssumed, managedSessionUsed, roleTrustChanged, denyPolicyChanged];

describe.each(rules)('$name', (rule) => {
  test('is a pattern that EventBridge takes', () => {
    expect(checkPattern(rule.pattern)).toEqual([]);
  });

  test('also sees events that only read: every AssumeRole is one', () => {
    expect(rule.state).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
    expect(rule.bus).toBe('default');
  });

  test('matches its samples and no counter-sample', () => {
    expect(rule.samples.matches.length).toBeGreaterThan(0);
    expect(rule.samples.doesNot.length).toBeGreaterThan(0);
    for (const [index, sample] of rule.samples.matches.entries())
      expect(matches(rule.pattern, sample), `match ${index}`).toBe(true);
    for (const [index, sample] of rule.samples.doesNot.entries())
      expect(matches(rule.pattern, sample), `no match ${index}`).toBe(false);
  });
});

const reachedBy = (event: Readonly<Record<string, unknown>>): string[] =>
  rules.filter((rule) => matches(rule.pattern, event)).map((rule) => rule.name);

test('each record of the sample world reaches the rule that is made for it', () => {
  for (const event of [
    records.mintInHub,
    records.mintInTarget,
    records.ownAssumption,
    records.partnerInTarget,
    records.consoleAssumption,
  ]) {
    expect(reachedBy(event)).toEqual(['daypass-role-assumed']);
  }
  expect(reachedBy(records.use('2026-11-22T10:06:00Z'))).toEqual(['daypass-managed-session-used']);
  expect(reachedBy(records.trustUpdate)).toEqual(['daypass-role-trust-changed']);
  expect(reachedBy(records.roleDeleted)).toEqual(['daypass-role-trust-changed']);
  expect(reachedBy(records.denyDeleted)).toEqual(['daypass-deny-policy-changed']);
  expect(reachedBy(records.otherTrustUpdate)).toEqual([]);
  expect(reachedBy(records.serviceAssumption)).toEqual(['daypass-role-assumed']);
  expect(reachedBy(records.revokerTakenByAdmin)).toEqual(['daypass-role-assumed']);
  expect(reachedBy(records.revokerChange('UpdateAssumeRolePolicy'))).toEqual(['daypass-role-trust-changed']);
  expect(reachedBy(records.revokerChange('DeleteRolePolicy'))).toEqual(['daypass-deny-policy-changed']);
});

test.each([
  ['UpdateAssumeRolePolicy', 'daypass-role-trust-changed'],
  ['CreateRole', 'daypass-role-trust-changed'],
  ['PutRolePolicy', 'daypass-deny-policy-changed'],
])('%s with more spaces than CloudTrail records still reaches its rule', (eventName, rule) => {
  expect(reachedBy(records.padded(eventName))).toEqual([rule]);
});

test('services that assume roles of others and of the hub reach nobody', () => {
  for (const roleArn of [
    'arn:aws:iam::111111111111:role/daypass-revoke-sessions',
    'arn:aws:iam::111111111111:role/daypass-mint-credentials',
    'arn:aws:iam::222222222222:role/build-agent',
  ]) {
    const detail = { ...(records.serviceAssumption.detail as object), requestParameters: { roleArn } };
    expect(reachedBy({ ...records.serviceAssumption, detail })).toEqual([]);
  }
});
