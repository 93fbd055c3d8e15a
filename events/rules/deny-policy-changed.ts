import { managedRoleName, viaCloudTrail } from './managed-roles.ts';
import { type Rule, untilDelivered } from './rule.ts';
import { iamUser, trailSample } from './trail-samples.ts';

const userIdentity = iamUser('222222222222', 'production-admin');
const deny = { roleName: 'daypass-jit-orders-admin', policyName: 'AWSRevokeOlderSessions' };

/** Only what can weaken the deny. Attaching or writing another policy cannot: an explicit deny always wins. */
export const denyPolicyChanged: Rule = {
  name: 'daypass-deny-policy-changed',
  description:
    'The deny policy or the boundary of a managed role was changed: the detector asks whether Daypass did it.',
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  bus: 'default',
  pattern: {
    source: ['aws.iam'],
    'detail-type': viaCloudTrail,
    detail: {
      eventSource: ['iam.amazonaws.com'],
      eventName: ['PutRolePolicy', 'DeleteRolePolicy', 'PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'],
      requestParameters: { roleName: managedRoleName },
    },
  },
  target: 'detect',
  retry: untilDelivered,
  samples: {
    matches: [
      trailSample('iam', 'DeleteRolePolicy', '222222222222', { userIdentity, requestParameters: deny }),
      trailSample('iam', 'PutRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...deny, policyDocument: '{}' },
      }),
      trailSample('iam', 'DeleteRolePermissionsBoundary', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'daypass-jit-orders-admin' },
      }),
    ],
    doesNot: [
      trailSample('iam', 'DeleteRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...deny, roleName: 'build-agent' },
      }),
      trailSample('iam', 'GetRolePolicy', '222222222222', { userIdentity, requestParameters: deny }),
    ],
  },
};
