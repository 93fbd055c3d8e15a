import { expect, test } from 'vitest';
import { alertIdOf } from '#core/alert/fold.ts';
import { unendable } from '#core/detection/chain-out-of-reach.ts';
import { denyPutBack } from '#core/detection/deny-policy-tampered.ts';
import type { Finding } from '#core/detection/finding.ts';
import { knownFrom } from '#core/detection/known.ts';
import { normalise } from '#core/detection/normalise.ts';
import { orphanedDenyOn } from '#core/detection/orphaned-deny.ts';
import { findingOfUnparsed } from '#core/detection/unparsed-event.ts';
import type { GrantedRequest } from '#core/request/request.ts';
import { active, endedAt, policy } from '#test/fixtures/alert-world.ts';
import { step } from '#test/fixtures/cloudtrail/chain.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { found } from './found.ts';

/**
 * What alerts are stored under. An alert of before a deployment must be found again after it, or the same event is told
 * twice.
 */
const stored = (findings: readonly Finding[]) =>
  findings.map((finding): Stored => {
    const { detection, dedupKey, eventId } = finding;
    return { detection, dedupKey, eventId, alertId: alertIdOf(finding, 0) };
  });

const unread = (event: unknown): Finding => {
  const read = normalise(event);
  if (!('unparsed' in read)) throw new Error('It could be read.');
  return findingOfUnparsed(read, '2026-11-22T10:06:00.000Z');
};

const revoked = endedAt('2026-11-22T10:02:00.000Z', 'revoked');
const entry = {
  userId: 'AROAORDERSADMIN00001:oops',
  revokedAt: '2026-11-22T10:01:00.000Z',
  coversUntil: '2026-11-22T10:15:01.000Z',
};
const reports = 'arn:aws:iam::333333333333:role/reports-of-old';
const granted = (): GrantedRequest => {
  if (!('grant' in active)) throw new Error('There is no grant.');
  return active;
};
const chained = {
  grantId: active.id,
  roleArn: reports,
  version: 1,
  firstAt: '2026-11-22T10:01:00.000Z',
  count: 2,
  expiresBy: '2026-11-22T11:01:00.000Z',
  sessions: [],
};

type Stored = { detection: string; dedupKey: string; eventId: string; alertId: string };

const cases: [string, () => readonly Finding[], Stored][] = [
  [
    'an assumption without a grant',
    () => found(records.ownAssumption),
    {
      detection: 'assumed-without-grant',
      dedupKey:
        'assumed-without-grant:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:AROAORDERSADMIN00001:oops:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'own-1',
      alertId: 'alert-a79057c529ecd67dd211fce906505961',
    },
  ],
  [
    'the target’s copy of one by another account',
    () => found(records.partnerInTarget),
    {
      detection: 'assumed-without-grant',
      dedupKey:
        'assumed-without-grant:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:AROAORDERSADMIN00001:visitor:333333333333/AIDAPARTNERADMIN00001',
      eventId: 'shared-2',
      alertId: 'alert-eeb361447ea0f7d7c7814014337e932b',
    },
  ],
  [
    'one by a service',
    () => found(records.serviceAssumption),
    {
      detection: 'assumed-without-grant',
      dedupKey:
        'assumed-without-grant:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:AROAORDERSADMIN00001:function:/lambda.amazonaws.com',
      eventId: 'shared-3',
      alertId: 'alert-ada8d957eaa1810b194b5acaaab207fe',
    },
  ],
  [
    'one after the grant had ended',
    () => found(records.mintWith({ record: { eventTime: '2026-11-22T10:06:01Z' } }), { tagged: active }),
    {
      detection: 'assumed-without-grant',
      dedupKey:
        'assumed-without-grant:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:AROAORDERSADMIN00001:alice-01KB0000000000000000000002:111111111111/AROAMINTROLE00000001/mint/as:alice',
      eventId: 'shared-1',
      alertId: 'alert-b407f21b4e2264df63d442a2bb8a50c1',
    },
  ],
  [
    'a session that went on out of reach',
    () => found(step({ into: reports }), { ...knownFrom(policy), tagged: active }),
    {
      detection: 'chain-out-of-reach',
      dedupKey: 'chain-out-of-reach:01KB0000000000000000000001:arn:aws:iam::333333333333:role/reports-of-old',
      eventId: 'chain-arn:aws:iam::333333333333:role/reports-of-old-onward-2026-11-22T10:01:00Z',
      alertId: 'alert-f6cf5357ade7280a3c815a3be2a60d17',
    },
  ],
  [
    'the same found by whoever tried to end it',
    () => [unendable(granted(), chained, 'AccessDenied')],
    {
      detection: 'chain-out-of-reach',
      dedupKey: 'chain-out-of-reach:01KB0000000000000000000001:arn:aws:iam::333333333333:role/reports-of-old',
      eventId: 'chain-01KB0000000000000000000001-arn:aws:iam::333333333333:role/reports-of-old',
      alertId: 'alert-f6cf5357ade7280a3c815a3be2a60d17',
    },
  ],
  [
    'the revoker taken',
    () => found(records.revokerTakenByAdmin),
    {
      detection: 'revoker-taken',
      dedupKey:
        'revoker-taken:arn:aws:iam::222222222222:role/daypass-revoker:AROAREVOKERROLE00001:daypass-revoke-sessions:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'shared-4',
      alertId: 'alert-bd48e783fe634080ec80a6cd0d4745c6',
    },
  ],
  [
    'a session used after its end',
    () => found(records.use('2026-11-22T10:03:01Z'), { minted: revoked }),
    {
      detection: 'revoked-session-used',
      dedupKey:
        'revoked-session-used:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:AROAORDERSADMIN00001:alice-01KB0000000000000000000002:222222222222/AROAORDERSADMIN00001/alice-01KB0000000000000000000002/as:alice',
      eventId: 'use-2026-11-22T10:03:01Z',
      alertId: 'alert-42df52e8909449d9e41b2e7b00b61446',
    },
  ],
  [
    'a session that an alert revoked, used',
    () => found(records.use('2026-11-22T10:02:01Z', { name: 'oops' }), { revoked: [entry] }),
    {
      detection: 'revoked-session-used',
      dedupKey:
        'revoked-session-used:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:AROAORDERSADMIN00001:oops:222222222222/AROAORDERSADMIN00001/oops/as:alice',
      eventId: 'use-2026-11-22T10:02:01Z',
      alertId: 'alert-a5d9858224b1fe21e6ca1bfd13e19d1f',
    },
  ],
  [
    'a changed trust policy',
    () => found(records.trustUpdate),
    {
      detection: 'trust-changed',
      dedupKey:
        'trust-changed:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:UpdateAssumeRolePolicy:cafb41cd990e11bb:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'iam-UpdateAssumeRolePolicy',
      alertId: 'alert-ceedb7f3e841966797b85ad85eaa41b2',
    },
  ],
  [
    'a deleted role',
    () => found(records.roleDeleted),
    {
      detection: 'trust-changed',
      dedupKey:
        'trust-changed:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:DeleteRole:9c566feddd465705:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'iam-DeleteRole',
      alertId: 'alert-095aa5cbcab8db5c1acd7f90737db759',
    },
  ],
  [
    'a deleted deny',
    () => found(records.denyDeleted),
    {
      detection: 'deny-policy-tampered',
      dedupKey:
        'deny-policy-tampered:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:DeleteRolePolicy:3dca174c3767d855:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'iam-DeleteRolePolicy',
      alertId: 'alert-dafe979b278b7c0c99613cafbd0bcc42',
    },
  ],
  [
    'a deny that the sweeper put back',
    () => [denyPutBack(records.ordersAdmin, { at: '2026-11-22T10:05:00.000Z', count: 3 })],
    {
      detection: 'deny-policy-tampered',
      dedupKey: 'deny-policy-tampered:arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
      eventId: 'restored:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:3',
      alertId: 'alert-d81e30f22a1dc8a9e3e3626cef367716',
    },
  ],
  [
    'a removed boundary',
    () => found(records.boundaryDeleted),
    {
      detection: 'boundary-changed',
      dedupKey:
        'boundary-changed:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:DeleteRolePermissionsBoundary:72e95c25f59e8dc9:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'iam-DeleteRolePermissionsBoundary',
      alertId: 'alert-21fdb695e5b0e3303fc65d8005a07402',
    },
  ],
  [
    'a changed revoker',
    () => found(records.revokerChange('PutRolePolicy')),
    {
      detection: 'revoker-changed',
      dedupKey:
        'revoker-changed:arn:aws:iam::222222222222:role/daypass-revoker:PutRolePolicy:95f76f9588852eec:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'iam-PutRolePolicy',
      alertId: 'alert-f5c6c90d43515fe130dbbf414725d241',
    },
  ],
  [
    'a misused revoker',
    () => found(records.policyWrittenByRevoker('{"Statement":[{"Effect":"Allow"}]}')),
    {
      detection: 'revoker-misused',
      dedupKey:
        'revoker-misused:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:PutRolePolicy:b0085165406fcd87:222222222222/AROAREVOKERROLE00001/revoke',
      eventId: 'iam-PutRolePolicy',
      alertId: 'alert-e921c635bbdea2f9f5ff8dac9ce927e8',
    },
  ],
  [
    'an orphaned deny',
    () => [orphanedDenyOn(records.ordersAdmin, '2026-11-22T10:05:00.000Z')],
    {
      detection: 'orphaned-deny',
      dedupKey: 'orphaned-deny:arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
      eventId: 'orphan:arn:aws:iam::222222222222:role/daypass-jit-orders-admin:2026-11-22T10',
      alertId: 'alert-b270497f08d53f7f12689e6a40bfb957',
    },
  ],
  [
    'a change padded until CloudTrail left it out',
    () => [unread(records.padded('PutRolePolicy'))],
    {
      detection: 'unparsed-event',
      dedupKey:
        'unparsed-event:222222222222:a role was changed and the event does not say which:PutRolePolicy:222222222222/AIDAPRODUCTIONADMIN01',
      eventId: 'iam-PutRolePolicy',
      alertId: 'alert-a9f310e9ce41b83b53eb1edd0eab2ab1',
    },
  ],
  [
    'an event without its names',
    () => [unread({ source: 'aws.sts', account: '222222222222', detail: { eventName: 'AssumeRole' } })],
    {
      detection: 'unparsed-event',
      dedupKey: 'unparsed-event:222222222222:its id, name or source is missing',
      eventId: 'unknown',
      alertId: 'alert-f7d42af72566d9ed42e115c787e9ee65',
    },
  ],
];

test.each(cases)('%s is stored under these keys', (_, findings, keys) => {
  expect(stored(findings())).toEqual([keys]);
});
