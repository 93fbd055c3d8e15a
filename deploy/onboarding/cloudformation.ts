import { boundaryName } from '#core/aws-policy.ts';
import { canaryRoleName, revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import { pascal } from '../hub/names.ts';
import { arnOf, type Resource, type Resources, ref, sub } from '../hub/resource.ts';
import { tagged, tagList } from '../hub/tags.ts';
import { managedRoleTags } from './as-onboarded.ts';
import { canaryDescription, canaryTrust } from './canary.ts';
import {
  deadLetterAlarm,
  deadLetterPolicy,
  deadLettersKeptSec,
  forwardPolicy,
  forwardRules,
  forwardTrust,
  hubBusArn,
} from './forwarding.ts';
import { managedRolePermissions, managedRoleTrust, maxSessionDurationSec } from './managed-role.ts';
import {
  type Document,
  deadLetterQueueName,
  forwardRoleName,
  forwardRulePrefix,
  forwardTopicName,
  permissionsPolicyName,
  tags,
} from './names.ts';
import { type AccountPlan, boundaryOf, type ManagedRolePlan, type OnboardingPlan } from './plan.ts';
import { revokerPolicy, revokerTrust } from './revoker.ts';

export type Template = {
  AWSTemplateFormatVersion: '2010-09-09';
  Description: string;
  Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>>;
  Conditions: Readonly<Record<string, unknown>>;
  Resources: Resources;
};

/**
 * By account. In an account that is not listed the lookup fails, and with it the deployment: it was meant for another
 * one.
 */
const externalIds = { 'Fn::FindInMap': ['Accounts', ref('AWS::AccountId'), 'ExternalIds'] };

const homeRegion = 'HomeRegion';
const homeOf = (accountId: string): string => `HomeRegionOf${accountId}`;

const forwardRuleArns = sub(`arn:aws:events:*:\${AWS::AccountId}:rule/${forwardRulePrefix}*`);

/** Elsewhere the role is there already, since the home region comes first. */
const forwardRoleArn = {
  'Fn::If': [
    homeRegion,
    arnOf('ForwardRole'),
    sub(roleArnOf({ accountId: '${AWS::AccountId}', roleName: forwardRoleName })),
  ],
};

const role = (condition: string, properties: Readonly<Record<string, unknown>>): Resource => ({
  Type: 'AWS::IAM::Role',
  Condition: condition,
  Properties: properties,
});

const managedRole = (
  plan: ManagedRolePlan,
  account: AccountPlan,
  { brokers }: OnboardingPlan,
  limit: Document,
): Resource => {
  const { managedPolicyArns } = plan.permissions;
  const document = managedRolePermissions(plan);
  return role(homeOf(account.accountId), {
    RoleName: plan.roleName,
    Description:
      'Lent by Daypass for the time of a grant. Sessions are ended by its inline policy AWSRevokeOlderSessions.',
    AssumeRolePolicyDocument: managedRoleTrust(plan, brokers, externalIds),
    PermissionsBoundary: ref('Boundary'),
    MaxSessionDuration: maxSessionDurationSec,
    Tags: tagList(managedRoleTags(plan, account, brokers, limit)),
    ...(document && { Policies: [{ PolicyName: permissionsPolicyName, PolicyDocument: document }] }),
    ...(managedPolicyArns.length > 0 && { ManagedPolicyArns: managedPolicyArns }),
  });
};

/** Logical ids have letters and digits only, so two names may come to the same. */
const managedRoles = (account: AccountPlan, plan: OnboardingPlan, limit: Document): Resources =>
  Object.fromEntries(
    [...Map.groupBy(account.roles, ({ roleName }) => pascal(roleName))].flatMap(([id, alike]) =>
      alike.map((lent, index): [string, Resource] => [
        `${id}Of${account.accountId}${index === 0 ? '' : `N${index + 1}`}`,
        managedRole(lent, account, plan, limit),
      ]),
    ),
  );

/** CloudFormation gives a managed policy no tags. A new name or description would make it another one: they stay. */
const boundary = (limit: Document): Resource => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Condition: homeRegion,
  Properties: {
    ManagedPolicyName: boundaryName,
    Description: 'The most that a session lent by Daypass may do. It keeps a session from undoing its own end.',
    PolicyDocument: limit,
  },
});

const identities = (plan: OnboardingPlan): Resources => ({
  Revoker: role(homeRegion, {
    RoleName: revokerRoleName,
    Description: 'Daypass ends sessions through this role: it writes the deny on the roles that it lends.',
    AssumeRolePolicyDocument: revokerTrust(plan.revokers, externalIds),
    MaxSessionDuration: maxSessionDurationSec,
    Policies: [{ PolicyName: 'revoke', PolicyDocument: revokerPolicy(ref('Boundary'), plan.hears === 'looked-up') }],
  }),
  Canary: role(homeRegion, {
    RoleName: canaryRoleName,
    Description: canaryDescription,
    AssumeRolePolicyDocument: canaryTrust(plan.hub.accountId, externalIds),
    MaxSessionDuration: maxSessionDurationSec,
  }),
});

const forwarding = (plan: OnboardingPlan): Resources => ({
  ForwardRole: role(homeRegion, {
    RoleName: forwardRoleName,
    Description: 'EventBridge sends events about roles to the hub of Daypass with this role.',
    AssumeRolePolicyDocument: forwardTrust(ref('AWS::AccountId'), forwardRuleArns),
    Policies: [{ PolicyName: 'forward', PolicyDocument: forwardPolicy(hubBusArn(plan.hub)) }],
  }),
  DeadLetters: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: deadLetterQueueName,
      MessageRetentionPeriod: deadLettersKeptSec,
      SqsManagedSseEnabled: true,
    },
  },
  DeadLettersPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('DeadLetters')],
      PolicyDocument: deadLetterPolicy(arnOf('DeadLetters'), forwardRuleArns),
    },
  },
  ForwardAlarms: {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: forwardTopicName, DisplayName: 'Daypass' },
  },
  DeadLettersAlarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: deadLetterAlarm.name,
      AlarmDescription: deadLetterAlarm.description,
      Namespace: deadLetterAlarm.namespace,
      MetricName: deadLetterAlarm.metric,
      Dimensions: [{ Name: 'QueueName', Value: deadLetterQueueName }],
      Statistic: deadLetterAlarm.statistic,
      Period: deadLetterAlarm.periodSec,
      EvaluationPeriods: 1,
      ComparisonOperator: deadLetterAlarm.comparison,
      Threshold: deadLetterAlarm.threshold,
      TreatMissingData: deadLetterAlarm.missing,
      AlarmActions: [ref('ForwardAlarms')],
      OKActions: [ref('ForwardAlarms')],
    },
  },
  ...Object.fromEntries(
    forwardRules.map(({ name, description, state, pattern, retry }): [string, Resource] => [
      pascal(name),
      {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: name,
          Description: description,
          State: state,
          EventPattern: { account: [ref('AWS::AccountId')], ...pattern },
          Targets: [
            {
              Id: 'hub',
              Arn: hubBusArn(plan.hub),
              RoleArn: forwardRoleArn,
              RetryPolicy: {
                MaximumEventAgeInSeconds: retry.maximumEventAgeSec,
                MaximumRetryAttempts: retry.maximumRetryAttempts,
              },
              DeadLetterConfig: { Arn: arnOf('DeadLetters') },
            },
          ],
        },
      },
    ]),
  ),
});

/**
 * The template for the plan's accounts: one for all of them and every region. Where it stands it decides for itself by
 * conditions: IAM in the home region alone, each account its own roles, the forwarding rules everywhere.
 */
export const cloudFormation = (plan: OnboardingPlan): Template => {
  const limit = boundaryOf(plan, plan.accounts);
  const roles = plan.accounts.map((account) => managedRoles(account, plan, limit));
  const lending = plan.accounts.filter((account) => account.roles.length > 0);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Daypass in ${plan.accounts.map(({ name, accountId }) => `${name} (${accountId})`).join(', ')}.`.slice(
      0,
      1024,
    ),
    Mappings: {
      Accounts: Object.fromEntries(
        plan.accounts.map((account) => [account.accountId, { ExternalIds: account.externalIds }]),
      ),
    },
    Conditions: {
      [homeRegion]: { 'Fn::Equals': [ref('AWS::Region'), plan.homeRegion] },
      ...Object.fromEntries(
        lending.map(({ accountId }) => [
          homeOf(accountId),
          {
            'Fn::And': [{ Condition: homeRegion }, { 'Fn::Equals': [ref('AWS::AccountId'), accountId] }],
          },
        ]),
      ),
    },
    Resources: {
      Boundary: boundary(limit),
      ...tagged(
        {
          ...identities(plan),
          ...Object.assign({}, ...roles),
          ...(plan.hears === 'forwarded' && forwarding(plan)),
        },
        tags,
      ),
    },
  };
};
