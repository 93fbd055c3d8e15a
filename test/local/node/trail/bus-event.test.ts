import { expect, it } from 'vitest';
import { normalise } from '#core/detection/normalise.ts';
import { busEventOf } from '#local/node/trail/bus-event.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { place } from './history.ts';

const found = (record: unknown) => ({
  id: 'event-1',
  atMs: Date.parse('2026-11-22T10:00:01Z'),
  record: typeof record === 'string' ? record : JSON.stringify(record),
});

it('makes of a record what EventBridge would have delivered', () => {
  const { detail } = records.mintInTarget as { detail: object };
  const event = busEventOf(found({ ...detail, eventType: 'AwsApiCall' }), place);
  expect(event).toMatchObject({
    version: '0',
    id: 'event-1',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sts',
    account: '222222222222',
    time: '2026-11-22T10:00:01Z',
    region: 'us-east-1',
    resources: [],
  });
  expect(normalise(event)).toEqual(normalise(records.mintInTarget));
});

it.each([
  ['AwsServiceEvent', 'AWS Service Event via CloudTrail'],
  ['AwsConsoleSignIn', 'AWS Console Sign In via CloudTrail'],
  ['something new', 'AWS API Call via CloudTrail'],
])('words the type %s as %s', (eventType, detailType) => {
  expect(busEventOf(found({ eventType, eventSource: 'signin.amazonaws.com' }), place)).toMatchObject({
    'detail-type': detailType,
    source: 'aws.signin',
  });
});

it('leaves the session token out, which AWS puts into its record of AssumeRole', () => {
  const credentials = { accessKeyId: 'ASIAISSUED0000000001', expiration: 'Nov 22, 2026, 10:15:01 AM' };
  const secrets = { sessionToken: 'the-session-token', secretAccessKey: 'the-secret' };
  const event = busEventOf(
    found({ responseElements: { credentials: { ...credentials, ...secrets }, packedPolicySize: 3 } }),
    place,
  );
  expect(event?.detail.responseElements).toEqual({ credentials, packedPolicySize: 3 });
  expect(JSON.stringify(event)).not.toContain('the-se');
});

it.each(['not JSON', '[]', 'null', '"text"'])('cannot read %s', (record) => {
  expect(busEventOf(found(record), place)).toBeUndefined();
  expect(busEventOf({ id: 'event-1', atMs: 0 }, place)).toBeUndefined();
});
