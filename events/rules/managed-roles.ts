/** What the four CloudTrail rules share: how they know a managed role, and how often they are tried. */

/** Managed roles have this prefix and no path. Patterns narrow by it; whether a role is managed, the policy decides. */
const rolePrefix = 'daypass-jit-';

/** IAM does not tell names apart by case, so whoever calls it may write them as they please. */
export const managedRoleName = [{ prefix: { 'equals-ignore-case': rolePrefix } }];

export const managedRoleArn = [{ wildcard: `arn:aws:iam::*:role/${rolePrefix}*` }];

/** `AWS API Call`, `AWS Service Event`, `AWS Console Sign In` and its other spelling `Signin`: all end like this. */
export const viaCloudTrail = [{ suffix: ' via CloudTrail' }];
