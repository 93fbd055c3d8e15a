import { denyPolicyChanged } from './deny-policy-changed.ts';
import { changesWatchedRole, viaCloudTrail } from './managed-roles.ts';
import { type Rule, untilDelivered } from './rule.ts';
import { iamUser, trailSample } from './trail-samples.ts';

const userIdentity = iamUser('222222222222', 'production-admin');
const sampleBoundary = { userIdentity, requestParameters: { roleName: 'daypass-jit-orders-admin' } };

/**
 * Target accounts send these events for `deny-policy-changed`, once; a state of its own that needs no forwarding keeps them
 * from sending each event twice. Both calls are writes, which every state lets through.
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
      eventName: ['PutRolePolicy', 'DeleteRolePolicy'],
      ...changesWatchedRole,
    },
  },
  target: 'sweep',
  retry: untilDelivered,
  samples: {
    matches: denyPolicyChanged.samples.matches.filter((sample) => !JSON.stringify(sample).includes('Boundary')),
    doesNot: [
      ...denyPolicyChanged.samples.doesNot,
      trailSample('iam', 'DeleteRolePermissionsBoundary', '222222222222', sampleBoundary),
    ],
  },
};
