import { accountOfArn } from '#core/aws-arn.ts';
import type { AwsCall } from '../service.ts';
import { tablesOf } from './data-events.ts';

/** An entry of a record's `resources`. */
export type RecordedResource = { ARN: string; accountId: string; type: string };

/** What LookupEvents lists and searches by. */
export type ResourceName = { ResourceType: string; ResourceName: string };

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** CloudTrail fills `resources` for assumed roles and for data events. */
export const resourcesOf = (call: AwsCall): RecordedResource[] => {
  const { accountId } = call.caller;
  const roleArn = call.service === 'sts' ? text(call.input.RoleArn) : undefined;
  if (roleArn) return [{ ARN: roleArn, accountId: accountOfArn(roleArn) ?? accountId, type: 'AWS::IAM::Role' }];
  if (call.service !== 'dynamodb') return [];
  return tablesOf(call).map((table) => ({
    ARN: table.startsWith('arn:') ? table : `arn:aws:dynamodb:${call.region}:${accountId}:table/${table}`,
    accountId,
    type: 'AWS::DynamoDB::Table',
  }));
};

const types: readonly (readonly [service: string, member: string, type: string])[] = [
  ['sts', 'RoleArn', 'AWS::IAM::Role'],
  ['iam', 'RoleName', 'AWS::IAM::Role'],
  ['iam', 'UserName', 'AWS::IAM::User'],
  ['iam', 'PolicyName', 'AWS::IAM::Policy'],
  ['iam', 'PolicyArn', 'AWS::IAM::Policy'],
  ['iam', 'AccessKeyId', 'AWS::IAM::AccessKey'],
  ['dynamodb', 'TableName', 'AWS::DynamoDB::Table'],
  ['states', 'stateMachineArn', 'AWS::StepFunctions::StateMachine'],
  ['states', 'executionArn', 'AWS::StepFunctions::Execution'],
];

/** The resources that the call names, and the access key that it issued. */
export const resourceNamesOf = (call: AwsCall & { output?: Readonly<Record<string, unknown>> }): ResourceName[] => {
  const named = types.flatMap(([service, member, type]) => {
    const name = call.service === service ? text(call.input[member]) : undefined;
    return name ? [{ ResourceType: type, ResourceName: name }] : [];
  });
  const credentials = call.output?.Credentials ?? call.output?.AccessKey;
  const issued =
    typeof credentials === 'object' && credentials !== null && 'AccessKeyId' in credentials
      ? text(credentials.AccessKeyId)
      : undefined;
  return issued ? [...named, { ResourceType: 'AWS::IAM::AccessKey', ResourceName: issued }] : named;
};
