import { iamUser, roleSession, trailSample } from '#core/detection/sample-records.ts';
import { managedRoleArn, viaCloudTrail } from './managed-roles.ts';
import { type Rule, untilDelivered } from './rule.ts';

const sampleSession = { userIdentity: roleSession('222222222222', 'daypass-jit-orders-admin', 'alice') };

export const managedSessionUsed: Rule = {
  name: 'daypass-managed-session-used',
  description: 'A session of a managed role made a call: the detector asks whether it should have ended by then.',
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  bus: 'default',
  pattern: {
    source: [{ prefix: 'aws.' }],
    'detail-type': viaCloudTrail,
    detail: { userIdentity: { type: ['AssumedRole'], sessionContext: { sessionIssuer: { arn: managedRoleArn } } } },
  },
  target: 'detect',
  retry: untilDelivered,
  samples: {
    matches: [
      trailSample('dynamodb', 'DescribeTable', '222222222222', sampleSession),
      trailSample('dynamodb', 'GetItem', '222222222222', { ...sampleSession, errorCode: 'AccessDenied' }),
    ],
    doesNot: [
      trailSample('dynamodb', 'GetItem', '222222222222', {
        userIdentity: iamUser('222222222222', 'daypass-jit-orders-admin'),
      }),
      trailSample('dynamodb', 'GetItem', '111111111111', {
        userIdentity: roleSession('111111111111', 'daypass-mint-credentials', 'mint'),
      }),
    ],
  },
};
