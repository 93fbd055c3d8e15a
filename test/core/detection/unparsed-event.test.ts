import { expect, test } from 'vitest';
import { normalise } from '#core/detection/normalise.ts';
import { findingOfUnparsed } from '#core/detection/unparsed-event.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';

const found = (event: unknown) => {
  const read = normalise(event);
  if (!('unparsed' in read)) throw new Error('It could be read.');
  return findingOfUnparsed(read, '2026-11-22T10:06:00.000Z');
};

test('a change of a role that was padded until CloudTrail left it out is high, and says who did it', () => {
  expect(found(records.padded('PutRolePolicy'))).toMatchObject({
    detection: 'unparsed-event',
    severity: 'high',
    summary:
      'A CloudTrail event of account 222222222222 could not be read: a role was changed and the event does not say which (PutRolePolicy by user production-admin (222222222222)).',
    facts: { Call: 'iam:PutRolePolicy', Caller: 'arn:aws:iam::222222222222:user/production-admin' },
  });
});

test('what one caller hid is not told under what another did, nor one call under another', () => {
  const { detail, ...event } = records.padded('PutRolePolicy');
  const root = { type: 'Root', principalId: '222222222222', accountId: '222222222222' };
  const keys = [
    found(records.padded('PutRolePolicy')),
    found(records.padded('UpdateAssumeRolePolicy')),
    found(records.padded('CreatePolicyVersion')),
    found({ ...event, detail: { ...(detail as object), userIdentity: root } }),
  ].map(({ dedupKey }) => dedupKey);
  expect(new Set(keys).size).toBe(4);
});

test('a change that was refused hides nothing, and any other unreadable event is low', () => {
  const { detail, ...event } = records.padded('PutRolePolicy');
  expect(normalise({ ...event, detail: { ...(detail as object), errorCode: 'AccessDenied' } })).toMatchObject({
    kind: 'other',
  });
  expect(found({ source: 'aws.sts', account: '222222222222', detail: { eventName: 'AssumeRole' } }).severity).toBe(
    'low',
  );
});
