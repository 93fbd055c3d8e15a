import { expect, test } from 'vitest';
import { knownFrom } from '#core/detection/known.ts';
import { functions } from '#functions/registry.ts';
import { policy } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { brief, found } from './found.ts';

test.each([
  'daypass-revoke-sessions',
  'daypass-revoke-alert',
  'daypass-revoke-locked',
  'daypass-sweep',
  'daypass-settle-execution',
  'daypass-follow-chain',
  'daypass-restore-deny',
])('the revoker taken by %s is nothing, in either copy', (roleName) => {
  expect(found(records.revokerTakenByHubRole(roleName))).toEqual([]);
  expect(found(records.revokerTakenFrom('111111111111'))).toEqual([]);
});

test('the revoker taken by anything else is critical', () => {
  for (const event of [
    records.revokerTakenByAdmin,
    records.revokerTakenByHubRole('daypass-mint-credentials'),
    records.revokerTakenByHubRole('daypass-detect'),
    records.revokerTakenFrom('333333333333'),
  ]) {
    expect(found(event)).toMatchObject([
      {
        detection: 'revoker-taken',
        severity: 'critical',
        roleArn: 'arn:aws:iam::222222222222:role/daypass-revoker',
        session: { userId: 'AROAREVOKERROLE00001:daypass-revoke-sessions', accessKeyId: 'ASIAREVOKER000000001' },
      },
    ]);
  }
  const refused = { ...(records.revokerTakenByAdmin.detail as object), errorCode: 'AccessDenied' };
  expect(found({ ...records.revokerTakenByAdmin, detail: refused })).toEqual([]);
});

test('the roles that may take the revoker are those of the functions that may', () => {
  const revoking = functions.filter(({ statements }) =>
    statements.some(({ resources }) => resources.includes('arn:aws:iam::*:role/daypass-revoker')),
  );
  expect(
    knownFrom(policy)
      .revoking.map((trusted) => ('roleName' in trusted ? trusted.roleName : ''))
      .sort(),
  ).toEqual(revoking.map(({ name }) => `daypass-${name}`).sort());
});

test('the revoker may write the deny and nothing else: it never deletes it', () => {
  expect(brief(records.denyDeletedByRevoker)).toEqual(['deny-policy-tampered critical']);
  expect(brief(records.boundaryDeletedByRevoker)).toEqual(['boundary-changed critical']);
});

test.each([
  ['another inline policy', { policyName: 'orders', policyDocument: '{"Statement":[{"Effect":"Deny"}]}' }],
  ['an Allow', { policyDocument: '{"Statement":[{"Effect":"Deny"},{"Effect":"Allow","Action":"*","Resource":"*"}]}' }],
  ['what cannot be read', { policyDocument: '{' }],
  ['nothing that the event tells', { policyDocument: undefined }],
])('the revoker that writes %s is critical', (_, change) => {
  const detail = records.denyWrittenByRevoker.detail as { requestParameters: object };
  const requestParameters = { ...detail.requestParameters, ...change };
  expect(brief({ ...records.denyWrittenByRevoker, detail: { ...detail, requestParameters } })).toEqual([
    'revoker-misused critical',
  ]);
});

test('the revoker that writes a deny larger than the texts which are kept of an event is nothing', () => {
  const detail = records.denyWrittenByRevoker.detail as { requestParameters: object };
  const policyDocument = JSON.stringify({ Statement: [{ Effect: 'Deny', Action: 'x'.repeat(9_000) }] });
  const requestParameters = { ...detail.requestParameters, policyDocument };
  expect(brief({ ...records.denyWrittenByRevoker, detail: { ...detail, requestParameters } })).toEqual([]);
});

test('another account’s revoker has no business with the deny of this one', () => {
  const detail = records.denyWrittenByRevoker.detail as object;
  const known = { managed: [{ accountId: '333333333333', roleName: 'daypass-jit-orders-admin' }] };
  expect(
    brief({ ...records.denyWrittenByRevoker, detail: { ...detail, recipientAccountId: '333333333333' } }, known),
  ).toEqual(['deny-policy-tampered critical']);
});

test.each([
  ['UpdateAssumeRolePolicy', 'trust-changed critical'],
  ['CreateRole', 'trust-changed critical'],
  ['DeleteRole', 'trust-changed critical'],
  ['PutRolePolicy', 'revoker-changed critical'],
  ['DeleteRolePolicy', 'revoker-changed critical'],
  ['PutRolePermissionsBoundary', 'boundary-changed critical'],
])('%s of the revoker is told, unless onboarding did it', (eventName, expected) => {
  expect(brief(records.revokerChange(eventName))).toEqual([expected]);
  const onboarding = [{ accountId: '222222222222', userArn: 'arn:aws:iam::222222222222:user/production-admin' }];
  expect(brief(records.revokerChange(eventName), { onboarding })).toEqual([]);
});
