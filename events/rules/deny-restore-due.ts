import { denyPolicyTampered } from '#core/detection/deny-policy-tampered.ts';
import { iamUser, omitted, trailSample } from '#core/detection/sample-records.ts';
import { callsThatChange } from '#core/detection/watched-calls.ts';
import { changesWatchedRole, viaCloudTrail } from './managed-roles.ts';
import { type Rule, untilDelivered } from './rule.ts';

const userIdentity = iamUser('222222222222', 'production-admin');
const sampleDeny = { roleName: 'daypass-jit-orders-admin', policyName: 'AWSRevokeOlderSessions' };

/**
 * Target accounts send these events for `deny-policy-changed`, once; a state of its own that needs no forwarding keeps
 * them from sending each event twice. Both calls are writes, which every state lets through.
 */
export const denyRestoreDue: Rule = {
  name: 'daypass-deny-restore-due',
  description:
    'An inline policy of a managed role was changed: its deny is put back at once if it is not as Daypass left it.',
  state: 'ENABLED',
  bus: 'default',
  pattern: {
    source: ['aws.iam'],
    'detail-type': viaCloudTrail,
    detail: {
      eventSource: ['iam.amazonaws.com'],
      eventName: callsThatChange('permissions', [denyPolicyTampered]),
      ...changesWatchedRole,
    },
  },
  target: 'restore-deny',
  retry: untilDelivered,
  samples: {
    matches: [
      trailSample('iam', 'DeleteRolePolicy', '222222222222', { userIdentity, requestParameters: sampleDeny }),
      trailSample('iam', 'PutRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...sampleDeny, policyDocument: '{}' },
      }),
      trailSample('iam', 'DeleteRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'Daypass-Revoker', policyName: 'revoke' },
      }),
      trailSample('iam', 'PutRolePolicy', '222222222222', { userIdentity, requestParameters: omitted }),
    ],
    doesNot: [
      trailSample('iam', 'DeleteRolePermissionsBoundary', '222222222222', {
        userIdentity,
        requestParameters: { roleName: 'daypass-jit-orders-admin' },
      }),
      trailSample('iam', 'DeleteRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...sampleDeny, roleName: 'build-agent' },
      }),
      trailSample('iam', 'DeleteRolePolicy', '222222222222', {
        userIdentity,
        requestParameters: { ...sampleDeny, roleName: 'daypass-revoker-of-others' },
      }),
      trailSample('iam', 'PutUserPolicy', '222222222222', { userIdentity, requestParameters: omitted }),
      trailSample('iam', 'GetRolePolicy', '222222222222', { userIdentity, requestParameters: sampleDeny }),
      {
        ...trailSample('iam', 'DeleteRolePolicy', '222222222222', { userIdentity, requestParameters: sampleDeny }),
        source: 'somebody.else',
      },
    ],
  },
};
