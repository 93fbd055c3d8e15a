import { managedPrefix, managedRolesEverywhere, revokerRoleName, roleEverywhere } from '#core/aws-role.ts';

/**
 * What the four CloudTrail rules share: how they know a managed role and the revoker. Patterns narrow by the prefix;
 * whether a role is managed, the policy decides.
 */

/** IAM does not tell names apart by case, so whoever calls it may write them as they please. */
const watchedRoleName = [
  { prefix: { 'equals-ignore-case': managedPrefix } },
  { 'equals-ignore-case': revokerRoleName },
];

/**
 * For the `detail` of a change of a role. CloudTrail leaves out request parameters above 100 KB, which anybody reaches
 * by padding a policy with spaces, so a call without them may be about any role:
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const changesWatchedRole = {
  $or: [{ requestParameters: { roleName: watchedRoleName } }, { requestParameters: { omitted: [true] } }],
};

/** The same where a call may make a role whose name is not in its request: then the detector looks at the answer. */
export const changesWatchedRoleOrUntold = {
  requestParameters: { roleName: [...watchedRoleName, { exists: false }] },
};

/**
 * For the `detail` of a change of a managed policy: which ones matter, the detector decides, whatever case they are
 * written in.
 */
export const changesPolicy = { requestParameters: { policyArn: [{ exists: true }], roleName: [{ exists: false }] } };

export const managedRoleArn = [{ wildcard: managedRolesEverywhere }];

export const watchedRoleArn = [...managedRoleArn, { wildcard: roleEverywhere(revokerRoleName) }];

/** `AWS API Call`, `AWS Service Event`, `AWS Console Sign In` and its other spelling `Signin`: all end like this. */
export const viaCloudTrail = [{ suffix: ' via CloudTrail' }];
