import { policyArnOf } from '#core/aws-arn.ts';
import { roleEverywhere } from '#core/aws-role.ts';
import { canonicalJson } from '#core/canonical-json.ts';
import { entitlementTag } from '#core/grant/session-tags.ts';
import { type LongerLivedId, longerLived } from '#core/longer-lived.ts';
import { assuming } from './chains.ts';
import { type Document, policyVersion, type Statement } from './names.ts';

/** White space is not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
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
  'arn:aws:sns:*:*:daypass-*',
  'arn:aws:cloudwatch:*:*:alarm:daypass-*',
  'arn:aws:cloudformation:*:*:stack/daypass-*',
  'arn:aws:cloudformation:*:*:stack/StackSet-daypass-*',
  'arn:aws:cloudformation:*:*:stackset*/daypass-*',
];

/** Which entitlements open what: ids of entitlements, by what their sessions may make. */
export type OpenedBy = Readonly<Partial<Record<LongerLivedId, readonly string[]>>>;

const unlessOpened = (entitlementIds: readonly string[]): Statement =>
  entitlementIds.length === 0 ? {} : { StringNotEquals: { [`aws:PrincipalTag/${entitlementTag}`]: entitlementIds } };

/**
 * What is denied alike stands in one statement. An entitlement is told by its tag, which is transitive and which
 * nobody but Daypass puts on a session; a session without it is denied.
 */
const outlives = (opened: OpenedBy): Statement[] =>
  [
    ...Map.groupBy(
      longerLived.map(({ id, actions, denied = {} }) => ({
        actions,
        condition: { ...denied, ...unlessOpened([...(opened[id] ?? [])].sort()) },
      })),
      ({ condition }) => canonicalJson(condition),
    ).values(),
  ].map((alike, index) => {
    const [{ condition } = { condition: {} }] = alike;
    return {
      Sid: `OutlivesItsSession${index + 1}`,
      Effect: 'Deny',
      Action: alike.flatMap(({ actions }) => actions),
      Resource: '*',
      ...(Object.keys(condition).length > 0 && { Condition: condition }),
    };
  });

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
 * It makes nothing else that lives on after it either (`core/longer-lived.ts`), but what `opened` lets the sessions of
 * single entitlements make.
 *
 * It goes on to no role but `chainTargets` (ARNs). A session that came here from another role has no session policy of
 * ours, so this is what holds it, however deep the chain is.
 */
export const boundaryDocument = (
  mayPass: readonly string[],
  chainTargets: readonly string[] = [],
  opened: OpenedBy = {},
): Document => ({
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
        'sns:Get*',
        'sns:List*',
        'cloudwatch:Describe*',
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
    ...outlives(opened),
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
