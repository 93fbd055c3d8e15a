import { iamUser, omitted, trailSample } from '#core/detection/sample-records.ts';
import { callsThatChange } from '#core/detection/watched-calls.ts';
import { changesPolicy, changesWatchedRole, viaCloudTrail } from './managed-roles.ts';
import { type Rule, untilDelivered } from './rule.ts';

const userIdentity = iamUser('222222222222', 'production-admin');
const sampleDeny = { roleName: 'daypass-jit-orders-admin', policyName: 'AWSRevokeOlderSessions' };

/** What can weaken the deny, or let sessions do more. */
export const denyPolicyChanged: Rule = {
  name: 'daypass-deny-policy-changed',
  description:
    'A policy or the boundary of a managed role or of the revoker was changed: the detector asks whether Daypass did it.',
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  bus: 'default',
  pattern: {
    source: ['aws.iam'],
    'detail-type': viaCloudTrail,
    detail: {
      eventSource: ['iam.amazonaws.com'],
      eventName: [...callsThatChange('permissions'), ...callsThatChange('policy')],
      $or: [...changesWatchedRole.$or, changesPolicy],
    },
  },
  target: 'detect',
  retry: untilDelivered,
  samples: {
    matches: [
      trailSample('iam', 'DeleteRolePolicy', '222222222222', { userIdentity, requestParameters: sampleDeny }),
      trailSample('iam', 'PutRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...sampleDeny, policyDocument: '{}' },
      }),
      trailSample('iam', 'DeleteRolePermissionsBoundary', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'daypass-jit-orders-admin' },
      }),
      trailSample('iam', 'DeleteRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'Daypass-Revoker', policyName: 'revoke' },
      }),
      trailSample('iam', 'PutRolePolicy', '222222222222', { userIdentity, requestParameters: omitted }),
      trailSample('iam', 'CreatePolicyVersion', '222222222222', {
        userIdentity,
        requestParameters: {
          policyArn: 'arn:aws:iam::222222222222:policy/Daypass-Boundary',
          policyDocument: '{}',
          setAsDefault: true,
        },
      }),
      trailSample('iam', 'SetDefaultPolicyVersion', '222222222222', {
        userIdentity,
        requestParameters: { policyArn: 'arn:aws:iam::222222222222:policy/daypass-boundary', versionId: 'v2' },
      }),
      trailSample('iam', 'CreatePolicyVersion', '222222222222', { userIdentity, requestParameters: omitted }),
    ],
    doesNot: [
      trailSample('iam', 'DeleteRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...sampleDeny, roleName: 'build-agent' },
      }),
      trailSample('iam', 'DeleteRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...sampleDeny, roleName: 'daypass-revoker-of-others' },
      }),
      trailSample('iam', 'CreatePolicy', '222222222222', {
        userIdentity,
        requestParameters: { policyName: 'daypass-boundary', policyDocument: '{}' },
      }),
      trailSample('iam', 'PutUserPolicy', '222222222222', { userIdentity, requestParameters: omitted }),
      trailSample('iam', 'GetRolePolicy', '222222222222', { userIdentity, requestParameters: sampleDeny }),
    ],
  },
};
