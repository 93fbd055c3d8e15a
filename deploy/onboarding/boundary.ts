import { policyArnOf } from '#core/aws-arn.ts';
import { roleEverywhere } from '#core/aws-role.ts';
import { assuming } from './chains.ts';
import { type Document, policyVersion } from './names.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const longestManagedPolicy = 6_144;

/** What gives access to people and machines: of these a session may only look at something. */
const accessServices = [
  'iam:*',
  'organizations:*',
  'account:*',
  'sso:*',
  'sso-directory:*',
  'identitystore:*',
  'rolesanywhere:*',
];

/** Daypass in the account, whatever its region. */
const daypassItself = [
  roleEverywhere('daypass-*'),
  policyArnOf('*', 'daypass-*'),
  'arn:aws:events:*:*:rule/daypass-*',
  'arn:aws:sqs:*:*:daypass-*',
  'arn:aws:cloudformation:*:*:stack/daypass-*',
  'arn:aws:cloudformation:*:*:stack/StackSet-daypass-*',
];

/**
 * The most that a session of a managed role may do, whatever else the role is given. Access ends with the grant, so a
 * session must not make access that outlives it: no role, user, key or trust policy, with or without this boundary.
 * That leaves its own deny, trust and boundary alone too; the denials below say so once more for Daypass, where no
 * Allow can undo them.
 *
 * It binds the session and nothing that already runs under another role: whoever may change the code of a Lambda
 * function may do what that function's role may do. So a session passes no role to a service unless `mayPass` names it,
 * and an entitlement should allow no more than its work needs.
 *
 * It goes on to no role but `chainTargets` (ARNs). A session that came here from another role has no session policy of
 * ours, so this is what holds it, however deep the chain is.
 */
export const boundaryDocument = (mayPass: readonly string[], chainTargets: readonly string[] = []): Document => ({
  Version: policyVersion,
  Statement: [
    { Sid: 'AllButAccess', Effect: 'Allow', NotAction: accessServices, Resource: '*' },
    {
      Sid: 'LookAtAccess',
      Effect: 'Allow',
      Action: [
        'iam:Get*',
        'iam:List*',
        'iam:Simulate*',
        'iam:GenerateServiceLastAccessedDetails',
        // A service needs its own role at its first use; what that role may do and who may take it are AWS's.
        'iam:CreateServiceLinkedRole',
        'organizations:Describe*',
        'organizations:List*',
        'account:Get*',
        'account:List*',
      ],
      Resource: '*',
    },
    ...(mayPass.length === 0
      ? []
      : [
          {
            Sid: 'PassTheseRoles',
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: mayPass.map(roleEverywhere),
          },
        ]),
    {
      Sid: 'DaypassItself',
      Effect: 'Deny',
      NotAction: [
        'iam:Get*',
        'iam:List*',
        'events:Describe*',
        'events:List*',
        'sqs:GetQueueAttributes',
        'cloudformation:Describe*',
        'cloudformation:Get*',
        'cloudformation:List*',
        ...(chainTargets.length === 0 ? [] : assuming),
      ],
      Resource: daypassItself,
    },
    {
      Sid: 'NoFurtherRole',
      Effect: 'Deny',
      Action: 'sts:AssumeRole',
      ...(chainTargets.length === 0 ? { Resource: '*' } : { NotResource: chainTargets }),
    },
    {
      Sid: 'WhatIsSeen',
      Effect: 'Deny',
      Action: [
        'cloudtrail:Delete*',
        'cloudtrail:Deregister*',
        'cloudtrail:Disable*',
        'cloudtrail:Put*',
        'cloudtrail:Stop*',
        'cloudtrail:Update*',
        'events:PutPermission',
        'events:RemovePermission',
        'events:UpdateEventBus',
        'sts:AssumeRoot',
      ],
      Resource: '*',
    },
  ],
});
