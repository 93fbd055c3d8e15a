import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalise } from '#core/detection/normalise.ts';
import { trailSample } from '#core/detection/sample-records.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';

test('reads both copies of a cross-account assumption, of which only the caller’s names the caller', () => {
  expect(normalise(records.mintInHub)).toMatchObject({
    kind: 'role-assumed',
    eventId: 'mint-hub',
    sharedEventId: 'shared-1',
    at: '2026-11-22T10:00:01.000Z',
    accountId: '111111111111',
    role: { accountId: '222222222222', roleName: 'daypass-jit-orders-admin' },
    caller: { type: 'AssumedRole', role: { accountId: '111111111111', roleName: 'daypass-mint-credentials' } },
    tags: { 'daypass:grant': records.grantId, 'daypass:entitlement': 'orders-admin' },
    sourceIdentity: 'alice',
    session: {
      userId: `AROAORDERSADMIN00001:alice-${records.mintId}`,
      accessKeyId: 'ASIAISSUED0000000001',
      expiresAt: '2026-11-22T10:15:01.000Z',
    },
  });
  const target = normalise(records.mintInTarget);
  expect(target).toMatchObject({
    sharedEventId: 'shared-1',
    accountId: '222222222222',
    caller: { type: 'AWSAccount', accountId: '111111111111' },
  });
  expect('caller' in target && 'arn' in target.caller).toBe(false);
});

test('reads the role of a refused assumption from the error’s text', () => {
  expect(normalise(records.deniedAssumption)).toMatchObject({
    kind: 'role-assumed',
    errorCode: 'AccessDenied',
    role: { accountId: '222222222222', roleName: 'daypass-jit-orders-admin' },
  });
});

test('reads a role under a path, and the tags that SAML sends as a map', () => {
  expect(normalise(records.identityCenterAssumption)).toMatchObject({
    kind: 'role-assumed',
    role: { roleName: 'AWSReservedSSO_ReadOnly_0123456789abcdef' },
    tags: { team: 'orders' },
  });
});

test('a tag passed on by the session before counts, whatever the case of its key', () => {
  const event = records.mintWith({ request: { tags: [], incomingTransitiveTags: { 'Daypass:Grant': 'g' } } });
  expect(normalise(event)).toMatchObject({ tags: { 'daypass:grant': 'g' } });
});

test('an assumption without an expiry in its answer is taken to live as long as a session ever can', () => {
  const event = records.mintWith({
    request: { durationSeconds: 'long' },
    record: { responseElements: { assumedRoleUser: { assumedRoleId: 'AROAX:y' } } },
  });
  expect(normalise(event)).toMatchObject({ session: { userId: 'AROAX:y', expiresAt: '2026-11-22T22:00:01.000Z' } });
});

test('reads who uses a session, and when it began', () => {
  expect(normalise(records.use('2026-11-22T10:06:00Z'))).toMatchObject({
    kind: 'other',
    name: 'GetItem',
    caller: {
      role: { accountId: '222222222222', roleName: 'daypass-jit-orders-admin' },
      userId: `AROAORDERSADMIN00001:alice-${records.mintId}`,
      sessionCreatedAt: '2026-11-22T10:00:01.000Z',
      sourceIdentity: 'alice',
    },
  });
});

test('says why it could not read an event', () => {
  expect(normalise(undefined)).toEqual({
    unparsed: 'it does not come from AWS',
    eventId: 'unknown',
    accountId: 'unknown',
  });
  expect(normalise({ ...records.trustUpdate, source: 'daypass' })).toMatchObject({
    unparsed: 'it does not come from AWS',
  });
  expect(normalise(trailSample('iam', 'DeleteRole', '222222222222', { eventTime: 'yesterday' }))).toMatchObject({
    unparsed: 'its time is missing or written in a way that is not known',
  });
  expect(normalise(records.mintWith({ request: { roleArn: 7 }, record: { responseElements: null } }))).toMatchObject({
    unparsed: 'a role was assumed and the event does not say which',
    eventId: 'mint-hub',
    at: '2026-11-22T10:00:01.000Z',
  });
  const omitted = {
    requestParameters: { omitted: true, originalSize: 200_000, reason: 'requestParameters too large' },
  };
  expect(normalise(trailSample('iam', 'PutRolePolicy', '222222222222', omitted))).toMatchObject({
    unparsed: 'a role was changed and the event does not say which',
  });
});

test('a name that JSON could smuggle in is a name like any other', () => {
  const event = JSON.parse(
    '{"source":"aws.sts","detail":{"__proto__":{"eventName":"AssumeRole","eventID":"x"},"constructor":{}}}',
  ) as unknown;
  expect(normalise(event)).toMatchObject({ unparsed: 'its id, name or source is missing' });
});

/** An event whose record has the right names and anything as their values. */
const hostile = fc.record({
  source: fc.constantFrom('aws.sts', 'aws.iam', 'aws.x'),
  account: fc.anything(),
  detail: fc.record({
    eventSource: fc.constantFrom('sts.amazonaws.com', 'iam.amazonaws.com', 'x'),
    eventName: fc.constantFrom('AssumeRole', 'PutRolePolicy', 'GetItem'),
    eventID: fc.oneof(fc.string(), fc.jsonValue()),
    eventTime: fc.oneof(fc.constant('2026-11-22T10:00:01Z'), fc.jsonValue()),
    userIdentity: fc.oneof(
      fc.jsonValue(),
      fc.record({ type: fc.jsonValue(), arn: fc.jsonValue(), sessionContext: fc.jsonValue() }),
    ),
    requestParameters: fc.oneof(
      fc.jsonValue(),
      fc.record({ roleArn: fc.jsonValue(), roleName: fc.jsonValue(), tags: fc.jsonValue() }),
    ),
    responseElements: fc.oneof(
      fc.jsonValue(),
      fc.record({ assumedRoleUser: fc.jsonValue(), credentials: fc.jsonValue() }),
    ),
    errorCode: fc.jsonValue(),
    errorMessage: fc.jsonValue(),
  }),
});

test('never throws, whatever JSON it is given', () => {
  fc.assert(fc.property(fc.jsonValue(), (event) => void normalise(event)));
  fc.assert(
    fc.property(hostile, (event) => void normalise(event)),
    { numRuns: 1000 },
  );
});

test('a megabyte of text, ten thousand tags and deep nesting are bounded', () => {
  let deep: unknown = 'end';
  for (let level = 0; level < 10_000; level++) deep = { sessionContext: deep };
  const tags = Array.from({ length: 10_000 }, (_, index) => ({ key: `k${index}`, value: 'v' }));
  const read = normalise(
    records.mintWith({ request: { tags, roleSessionName: 'x'.repeat(1_000_000) }, record: { userIdentity: deep } }),
  );
  expect(read).toMatchObject({ kind: 'role-assumed', sessionName: 'x'.repeat(256) });
  expect('tags' in read && Object.keys(read.tags)).toHaveLength(50);
});
