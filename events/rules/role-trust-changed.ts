import { iamUser, omitted, trailSample } from '#core/detection/sample-records.ts';
import { callsThatChange } from '#core/detection/watched-calls.ts';
import { changesWatchedRoleOrUntold, viaCloudTrail } from './managed-roles.ts';
import { type Rule, untilDelivered } from './rule.ts';

const userIdentity = iamUser('222222222222', 'production-admin');
const sampleTrust = { userIdentity, requestParameters: { roleName: 'daypass-jit-orders-admin', policyDocument: '{}' } };

/** IAM's events are in us-east-1 only, whatever region one works in. */
export const roleTrustChanged: Rule = {
  name: 'daypass-role-trust-changed',
  description: 'Who may assume a managed role or the revoker was changed: the detector asks whether onboarding did it.',
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  bus: 'default',
  pattern: {
    source: ['aws.iam'],
    'detail-type': viaCloudTrail,
    detail: {
      eventSource: ['iam.amazonaws.com'],
      eventName: callsThatChange('trust'),
      ...changesWatchedRoleOrUntold,
    },
  },
  target: 'detect',
  retry: untilDelivered,
  samples: {
    matches: [
      trailSample('iam', 'UpdateAssumeRolePolicy', '222222222222', sampleTrust),
      trailSample('iam', 'DeleteRole', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'Daypass-JIT-orders-admin' },
      }),
      trailSample('iam', 'UpdateAssumeRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'daypass-revoker', policyDocument: '{}' },
      }),
      trailSample('iam', 'UpdateAssumeRolePolicy', '222222222222', { userIdentity, requestParameters: omitted }),
      // AWS does not say where this one tells the role's name.
      trailSample('iam', 'AcquireRole', '222222222222', { userIdentity, requestParameters: { templateArn: 'any' } }),
    ],
    doesNot: [
      trailSample('iam', 'UpdateAssumeRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'build-agent' },
      }),
      trailSample('iam', 'GetRole', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'daypass-jit-orders-admin' },
      }),
    ],
  },
};
