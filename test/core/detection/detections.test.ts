import { expect, test } from 'vitest';
import { active, endedAt, session } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { brief, found } from './found.ts';

test('an assumption that a live grant explains is nothing, in either copy', () => {
  expect(found(records.mintInHub, { tagged: active })).toEqual([]);
  expect(found(records.mintInTarget, { tagged: active })).toEqual([]);
});

test('an assumption without a grant is critical, and names the session by its aws:userid', () => {
  const [finding, ...others] = found(records.ownAssumption);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    detection: 'assumed-without-grant',
    severity: 'critical',
    roleArn: records.ordersAdmin,
    accountId: '222222222222',
    eventId: 'own-1',
    summary:
      'daypass-jit-orders-admin (222222222222) was assumed by user production-admin (222222222222), and no grant explains it: the session carries no grant.',
    session: {
      userId: 'AROAORDERSADMIN00001:oops',
      accessKeyId: 'ASIAISSUED0000000001',
      expiresBy: '2026-11-22T10:15:01.000Z',
    },
  });
  expect(brief(records.consoleAssumption)).toEqual(['assumed-without-grant critical']);
});

test('both copies of a cross-account assumption are one finding: the same key and the same event id', () => {
  const [own] = found(records.partnerInPartner);
  const [target] = found(records.partnerInTarget);
  expect(own?.eventId).toBe('shared-2');
  expect(own && [own.dedupKey, own.eventId]).toEqual(target && [target.dedupKey, target.eventId]);
  expect(own?.facts.Caller).toBe('arn:aws:iam::333333333333:user/partner-admin');
  expect(Object.keys(own?.facts ?? {}).length).toBeGreaterThan(Object.keys(target?.facts ?? {}).length);
  expect(own?.summary).toContain('user partner-admin (333333333333)');
  expect(target?.summary).toContain('AIDAPARTNERADMIN00001 of account 333333333333');
});

test.each([
  ['no such grant', {}, undefined, 'the grant it names does not exist'],
  ['another grant than the one looked up', {}, { ...active, id: 'other' }, 'the grant it names does not exist'],
  ['another person’s grant', { request: { sourceIdentity: 'bob' } }, active, 'the grant it names is somebody else’s'],
  ['no source identity', { request: { sourceIdentity: undefined } }, active, 'the grant it names is somebody else’s'],
  [
    'a grant of another role',
    {},
    { ...active, roleName: 'daypass-jit-orders-read' },
    'the grant it names is for another role',
  ],
  [
    'a grant in another account',
    {},
    { ...active, accountId: '333333333333' },
    'the grant it names is for another role',
  ],
  ['another entitlement’s tag', {}, { ...active, entitlementId: 'orders-read' }, 'its tags are not those of the grant'],
  [
    'another caller',
    { record: { userIdentity: (records.ownAssumption.detail as { userIdentity: unknown }).userIdentity } },
    active,
    'it was not Daypass that assumed it',
  ],
  [
    'a session that Daypass did not name',
    { request: { roleSessionName: 'alice' }, record: { responseElements: null } },
    active,
    'Daypass never meant to mint it',
  ],
  [
    'a mint id that the grant does not know',
    {
      request: { roleSessionName: `alice-${records.grantId}` },
      record: {
        responseElements: { assumedRoleUser: { assumedRoleId: `AROAORDERSADMIN00001:alice-${records.grantId}` } },
      },
    },
    active,
    'Daypass never meant to mint it',
  ],
  [
    'a request that was only approved',
    {},
    { ...active, status: 'approved', grant: undefined, approvedAt: '' },
    'the grant it names was not live at that time',
  ],
])('a forged or stale grant explains nothing: %s', (_, change, tagged, because) => {
  const [finding] = found(records.mintWith(change), tagged ? { tagged: JSON.parse(JSON.stringify(tagged)) } : {});
  expect(finding?.facts.Why).toBe(because);
  expect(finding?.session?.grantId).toBeUndefined();
});

test('a mint explains the sessions of its own grant alone', () => {
  const another = { ...session, requestId: '01KB000000000000000000000Z' };
  expect(brief(records.mintInHub, { tagged: active, intended: another })).toEqual(['assumed-without-grant critical']);
  expect(found(records.mintInHub, { tagged: active, intended: session })).toEqual([]);
});

test('a mint that an earlier version kept inside its request explains it', () => {
  const { mintId, intendedAt, expiresBy } = session;
  const tagged = { ...active, sessions: [{ mintId, intendedAt, expiresBy }] };
  const unknown = { ...session, requestId: 'unknown' };
  expect(found(records.mintInHub, { tagged, intended: unknown })).toEqual([]);
});

test('two callers who give their sessions one name are two alerts', () => {
  const as = (principalId: string) =>
    found({
      ...records.ownAssumption,
      detail: {
        ...(records.ownAssumption.detail as object),
        userIdentity: { type: 'IAMUser', principalId, accountId: '222222222222' },
      },
    })[0]?.dedupKey;
  expect(as('AIDAONE')).toBe(as('AIDAONE'));
  expect(as('AIDAONE')).not.toBe(as('AIDAOTHER'));
});

test('a service that assumes a managed role is no exception', () => {
  expect(found(records.serviceAssumption)).toMatchObject([
    { detection: 'assumed-without-grant', severity: 'critical', session: { userId: 'AROAORDERSADMIN00001:function' } },
  ]);
  expect(found(records.serviceAssumption)[0]?.summary).toContain('assumed by the service lambda.amazonaws.com');
});

test('the target’s copy proves the caller’s account, and that must be the hub', () => {
  const elsewhere = {
    record: { userIdentity: { type: 'AWSAccount', principalId: 'AROAX:y', accountId: '333333333333' } },
  };
  expect(brief(records.mintWith(elsewhere), { tagged: active })).toEqual(['assumed-without-grant critical']);
});

test('a minute either side of the grant is explained, more is not, and an early end counts', () => {
  const at = (eventTime: string, tagged = active) => brief(records.mintWith({ record: { eventTime } }), { tagged });
  expect(at('2026-11-22T09:59:00Z')).toEqual([]);
  expect(at('2026-11-22T09:58:59Z')).toEqual(['assumed-without-grant high']);
  expect(at('2026-11-22T10:06:00Z')).toEqual([]);
  expect(at('2026-11-22T10:06:01Z')).toEqual(['assumed-without-grant high']);
  expect(at('2026-11-22T10:03:00Z', endedAt('2026-11-22T10:02:00.000Z', 'done'))).toEqual([]);
  expect(at('2026-11-22T10:03:01Z', endedAt('2026-11-22T10:02:00.000Z', 'done'))).toEqual([
    'assumed-without-grant high',
  ]);
});

test('a refused assumption and a role that nobody lends out are nothing', () => {
  expect(found(records.deniedAssumption)).toEqual([]);
  expect(found(records.identityCenterAssumption)).toEqual([]);
});

test('a session used while its grant lives is nothing', () => {
  expect(found(records.use('2026-11-22T10:04:59Z'), { minted: active })).toEqual([]);
});

test('a session that works a minute after its end is critical', () => {
  const minted = endedAt('2026-11-22T10:02:00.000Z', 'revoked');
  expect(found(records.use('2026-11-22T10:03:00Z'), { minted })).toEqual([]);
  expect(found(records.use('2026-11-22T10:03:01Z'), { minted })).toMatchObject([
    {
      detection: 'revoked-session-used',
      severity: 'critical',
      personId: 'alice',
      session: {
        userId: `AROAORDERSADMIN00001:alice-${records.mintId}`,
        grantId: records.grantId,
        expiresBy: '2026-11-22T10:15:01.000Z',
      },
    },
  ]);
});

test('a grant whose time is up counts as ended even if nobody has closed it', () => {
  expect(brief(records.use('2026-11-22T10:06:01Z'), { minted: active })).toEqual(['revoked-session-used critical']);
});

test('a refused use is low: at once where somebody took the grant away, after a minute where it ended by itself', () => {
  const refused = (at: string, reason: 'expired' | 'done' | 'revoked') =>
    brief(records.use(at, { errorCode: 'AccessDenied' }), { minted: endedAt('2026-11-22T10:02:00.000Z', reason) });
  expect(refused('2026-11-22T10:02:01Z', 'revoked')).toEqual(['revoked-session-used low']);
  expect(refused('2026-11-22T10:02:01Z', 'done')).toEqual([]);
  expect(refused('2026-11-22T10:03:00Z', 'done')).toEqual([]);
  expect(refused('2026-11-22T10:03:01Z', 'done')).toEqual(['revoked-session-used low']);
});

test('GetCallerIdentity, which nobody can deny, is no proof that a session still works', () => {
  const minted = endedAt('2026-11-22T10:02:00.000Z', 'revoked');
  expect(brief(records.use('2026-11-22T10:10:00Z', { call: 'GetCallerIdentity' }), { minted })).toEqual([
    'revoked-session-used low',
  ]);
});

test('a session that an alert revoked is known by its aws:userid and the time of its issue', () => {
  const entry = {
    userId: 'AROAORDERSADMIN00001:oops',
    revokedAt: '2026-11-22T10:01:00.000Z',
    coversUntil: '2026-11-22T10:15:01.000Z',
  };
  const denied = { name: 'oops', errorCode: 'AccessDenied' };
  expect(brief(records.use('2026-11-22T10:01:01Z', denied), { revoked: [entry] })).toEqual([
    'revoked-session-used low',
  ]);
  expect(brief(records.use('2026-11-22T10:02:01Z', { name: 'oops' }), { revoked: [entry] })).toEqual([
    'revoked-session-used critical',
  ]);
  const before = { ...entry, revokedAt: '2026-11-22T09:59:30.000Z' };
  expect(brief(records.use('2026-11-22T10:02:01Z', { name: 'oops' }), { revoked: [before] })).toEqual([]);
});

test('a trust policy changed by anyone but onboarding is critical, and has no session to revoke', () => {
  const [finding] = found(records.trustUpdate);
  expect(finding).toMatchObject({ detection: 'trust-changed', severity: 'critical', accountId: '222222222222' });
  expect(finding?.summary).toBe(
    'The trust policy of daypass-jit-orders-admin (222222222222) was changed by user production-admin (222222222222).',
  );
  expect(finding?.session).toBeUndefined();
  expect(brief(records.roleDeleted)).toEqual(['trust-changed critical']);
});

test('onboarding’s changes and roles that nobody lends out are nothing', () => {
  const onboarding = [{ accountId: '222222222222', userArn: 'arn:aws:iam::222222222222:user/production-admin' }];
  expect(found(records.trustUpdate, { onboarding })).toEqual([]);
  expect(found(records.otherTrustUpdate)).toEqual([]);
});

test('the deny policy touched by anyone but the revoker is critical', () => {
  expect(brief(records.denyDeleted)).toEqual(['deny-policy-tampered critical']);
  expect(brief(records.denyDeletedByMinter)).toEqual(['deny-policy-tampered critical']);
  expect(found(records.denyWrittenByRevoker)).toEqual([]);
  expect(found(records.otherPolicyDeleted)).toEqual([]);
});

test('a boundary that was removed is a finding of its own: writing the deny again would not bring it back', () => {
  expect(brief(records.boundaryDeleted)).toEqual(['boundary-changed critical']);
  expect(found(records.boundaryDeleted)[0]?.summary).toBe(
    'The permissions boundary, which keeps a session from removing its own deny, was removed on daypass-jit-orders-admin (222222222222) by user production-admin (222222222222).',
  );
});

test('another version of the boundary is told for the account, and making it the one in force is a deed of its own', () => {
  const made = { policyDocument: '{}', setAsDefault: true };
  const [finding, ...others] = found(records.boundaryVersion('CreatePolicyVersion', made));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    detection: 'boundary-changed',
    severity: 'critical',
    accountId: '222222222222',
    roleArn: 'unknown',
    summary:
      'The permissions boundary of all managed roles of account 222222222222, which keeps a session from removing its own deny, was given another version by user production-admin (222222222222).',
    facts: { Policy: 'arn:aws:iam::222222222222:policy/daypass-boundary' },
  });
  expect(finding && 'Role' in finding.facts).toBe(false);
  const [byDefault] = found(records.boundaryVersion('SetDefaultPolicyVersion', { versionId: 'v2' }));
  expect(byDefault).toMatchObject({ detection: 'boundary-changed', severity: 'critical' });
  expect(byDefault?.dedupKey).not.toBe(finding?.dedupKey);
});

test('a version of the boundary that is not in force, or in an account of nobody’s policy, is nothing', () => {
  expect(found(records.boundaryVersion('CreatePolicyVersion', { policyDocument: '{}' }))).toEqual([]);
  const event = records.boundaryVersion('SetDefaultPolicyVersion', { versionId: 'v2' });
  expect(found(event, { revokers: [] })).toEqual([]);
});

test('an Allow that is hidden under the deny’s name is told as what it is, too', () => {
  const allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
  expect(brief(records.policyWritten(allow)).sort()).toEqual([
    'deny-policy-tampered critical',
    'permissions-widened critical',
  ]);
});

test('a policy without a word in the event of what it says counts as widened', () => {
  const untold = { policyName: 'orders', policyDocument: undefined };
  expect(brief(records.policyWritten('', untold))).toEqual(['permissions-widened critical']);
});
