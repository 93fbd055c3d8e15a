import { furtherKeysCall } from '#core/detection/further-keys.ts';
import { iamUser, roleSession, trailSample } from '#core/detection/sample-records.ts';
import { assumptionPrefix } from '#core/detection/watched-calls.ts';
import { viaCloudTrail, watchedRoleArn } from './managed-roles.ts';
import { type Rule, untilDelivered } from './rule.ts';

const sampleByUser = {
  userIdentity: iamUser('222222222222', 'production-admin'),
  readOnly: true,
  requestParameters: { roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin', roleSessionName: 'me' },
};

const lambda = { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' };

/**
 * Every assumption by anything but an AWS service, and further keys that a session makes of itself. It is not narrowed
 * to managed roles: a refused call has no request parameters, and the role's name stands in different fields. Services
 * assume roles all day long, so of theirs only those of managed roles and the revoker: whoever may edit a trust policy
 * may let a service in.
 */
export const roleAssumed: Rule = {
  name: 'daypass-role-assumed',
  description: 'A role was assumed: the detector asks whether a grant explains it.',
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  bus: 'default',
  pattern: {
    source: ['aws.sts'],
    'detail-type': viaCloudTrail,
    detail: {
      eventSource: ['sts.amazonaws.com'],
      eventName: [{ prefix: assumptionPrefix }, furtherKeysCall],
      $or: [
        { userIdentity: { type: [{ 'anything-but': 'AWSService' }, { exists: false }] } },
        { requestParameters: { roleArn: watchedRoleArn } },
      ],
    },
  },
  target: 'detect',
  retry: untilDelivered,
  samples: {
    matches: [
      trailSample('sts', 'AssumeRole', '222222222222', sampleByUser),
      trailSample('sts', 'AssumeRole', '222222222222', {
        ...sampleByUser,
        userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLEROLE00001:mint', accountId: '111111111111' },
      }),
      trailSample('sts', 'AssumeRole', '222222222222', {
        ...sampleByUser,
        errorCode: 'AccessDenied',
        requestParameters: null,
      }),
      trailSample('sts', furtherKeysCall, '222222222222', {
        userIdentity: roleSession('222222222222', 'daypass-revoker', 'daypass-revoke-sessions'),
      }),
      trailSample('sts', 'AssumeRoleWithSAML', '222222222222', {
        ...sampleByUser,
        userIdentity: { principalId: 'x:y' },
      }),
      trailSample('sts', 'AssumeRole', '222222222222', { ...sampleByUser, userIdentity: lambda }),
      trailSample('sts', 'AssumeRole', '222222222222', {
        userIdentity: lambda,
        requestParameters: { roleArn: 'arn:aws:iam::222222222222:role/daypass-revoker', roleSessionName: 'function' },
      }),
    ],
    doesNot: [
      trailSample('sts', 'AssumeRole', '111111111111', {
        userIdentity: lambda,
        requestParameters: { roleArn: 'arn:aws:iam::111111111111:role/daypass-detect', roleSessionName: 'detect' },
      }),
      trailSample('sts', 'GetCallerIdentity', '222222222222', { ...sampleByUser, requestParameters: null }),
      { ...trailSample('sts', 'AssumeRole', '222222222222', sampleByUser), source: 'somebody.else' },
    ],
  },
};
