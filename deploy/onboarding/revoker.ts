import { managedRolesEverywhere } from '#core/aws-role.ts';
import { type Document, policyVersion } from './names.ts';

/** Who may take the revoker: the functions of the hub that revoke, with the account's ExternalId. */
export const revokerTrust = (revokers: readonly string[], externalIds: unknown): Document => ({
  Version: policyVersion,
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: revokers },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': externalIds } },
    },
  ],
});

/**
 * What the revoker may do: read what managed roles are, and write their inline policies where the boundary is in place.
 * It cannot take one away, and what it writes gives no more than the boundary does. IAM has no condition key for an
 * inline policy's name or content, so "only AWSRevokeOlderSessions" and "only Deny" cannot be said; and reading knows
 * no `iam:PermissionsBoundary`, hence two statements:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export const revokerPolicy = (boundaryArn: unknown, readsTrail: boolean): Document => ({
  Version: policyVersion,
  Statement: [
    {
      Effect: 'Allow',
      Action: ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
      Resource: managedRolesEverywhere,
    },
    {
      Effect: 'Allow',
      Action: 'iam:PutRolePolicy',
      Resource: managedRolesEverywhere,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } },
    },
    { Effect: 'Allow', Action: ['iam:GetPolicy', 'iam:GetPolicyVersion'], Resource: boundaryArn },
    // LookupEvents knows no resources.
    ...(readsTrail ? [{ Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' }] : []),
  ],
});
