import { functionRoleName, revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import type { Session } from '#core/grant/session.ts';
import type { GrantedRequest } from '#core/request/request.ts';
import type { Answers } from './detection.ts';
import type { Known } from './known.ts';
import { iamUser, roleSession, trailSample } from './sample-records.ts';

/** What the samples of the detections are about: a hub, one account, one role that is lent, one grant of it. */

type Fields = Readonly<Record<string, unknown>>;

const hub = '111111111111';
export const production = '222222222222';
export const ordersAdmin = 'daypass-jit-orders-admin';
export const ordersAdminArn = roleArnOf({ accountId: production, roleName: ordersAdmin });

const minterName = functionRoleName('mint-credentials');
const revokingName = functionRoleName('revoke-sessions');
const mintId = '01KB0000000000000000000002';

/** alice's, from 10:00 to 11:00; `sampleSession` was minted under it. */
export const sampleGrant: GrantedRequest = {
  id: '01KB0000000000000000000001',
  version: 3,
  auditHead: '',
  personId: 'alice',
  entitlementId: 'orders-admin',
  accountId: production,
  roleName: ordersAdmin,
  durationSec: 3600,
  reason: 'fixing INC-42',
  askedAt: '2026-11-22T09:59:00.000Z',
  lapsesAt: '2026-11-22T10:59:00.000Z',
  decision: { verdict: 'allowed', policyDigest: 'd', trace: [] },
  votes: [],
  status: 'active',
  grant: { startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T11:00:00.000Z' },
};

export const sampleSession: Session = {
  mintId,
  requestId: sampleGrant.id,
  personId: sampleGrant.personId,
  intendedAt: '2026-11-22T10:00:00.500Z',
  durationSec: 3600,
  expiresBy: '2026-11-22T11:01:00.500Z',
};

export const sampleKnown: Known = {
  managed: [{ accountId: production, roleName: ordersAdmin }],
  minters: [{ accountId: hub, roleName: minterName }],
  revokers: [{ accountId: production, roleName: revokerRoleName }],
  revoking: [{ accountId: hub, roleName: revokingName }],
  onboarding: [{ accountId: production, roleName: 'onboarding' }],
  steps: [],
};

export const noAnswers: Answers = { revoked: [] };

export const admin = iamUser(production, 'production-admin');
export const onboarder = roleSession(production, 'onboarding', 'cloudformation');
export const mintFunction = roleSession(hub, minterName, 'mint');
export const revokeFunction = roleSession(hub, revokingName, 'revoke');
export const revoker = roleSession(production, revokerRoleName, 'daypass-revoke-sessions');
/** The session that was minted under the grant, as a caller. */
export const alicesSession = roleSession(production, ordersAdmin, `alice-${mintId}`, { sourceIdentity: 'alice' });

export const alicesTags = [
  { key: 'daypass:grant', value: sampleGrant.id },
  { key: 'daypass:entitlement', value: sampleGrant.entitlementId },
];

/** STS gave `caller` a session of the role. */
export const assumption = (caller: Fields, roleName: string, request: Fields = {}): Fields => {
  const { roleSessionName = `alice-${mintId}`, accountId = production, ...asked } = request;
  const owner = String(accountId);
  return trailSample('sts', 'AssumeRole', owner, {
    userIdentity: caller,
    readOnly: true,
    requestParameters: { roleArn: roleArnOf({ accountId: owner, roleName }), roleSessionName, ...asked },
    responseElements: {
      credentials: { accessKeyId: 'ASIAISSUED0000000001', expiration: 'Nov 22, 2026, 11:00:00 AM' },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLEROLE00001:${String(roleSessionName)}`,
        arn: `arn:aws:sts::${owner}:assumed-role/${roleName}/${String(roleSessionName)}`,
      },
    },
  });
};

/** `caller` changed something in IAM. */
export const change = (eventName: string, caller: Fields, request: Fields): Fields =>
  trailSample('iam', eventName, production, { userIdentity: caller, requestParameters: request });
