import { slackBotTokenParameter, slackSigningSecretParameter } from './names.ts';

const here = '${AWS::Region}:${AWS::AccountId}';
const machine = (name: string): string => `arn:\${AWS::Partition}:states:${here}:stateMachine:${name}`;
const executions = (name: string): string => `arn:\${AWS::Partition}:states:${here}:execution:${name}:*`;
const parameter = (name: string): string => `arn:\${AWS::Partition}:ssm:${here}:parameter${name}`;

/**
 * What the functions' configurations name by `${…}`, as text for `Fn::Sub`. Machines are named by their fixed names and
 * not by their resources: a function that a machine invokes may have to name that machine, which would be a circle.
 */
export const arns = (stage: string): Readonly<Record<string, string>> => ({
  'table-arn': '${DaypassTable.Arn}',
  'bus-arn': '${DaypassBus.Arn}',
  'access-request-arn': machine('access-request'),
  'alert-response-arn': machine('alert-response'),
  'lockdown-arn': machine('lockdown'),
  'access-request-executions': executions('access-request'),
  'alert-response-executions': executions('alert-response'),
  'lockdown-executions': executions('lockdown'),
  'slack-bot-token-arn': parameter(slackBotTokenParameter(stage)),
  'slack-signing-secret-arn': parameter(slackSigningSecretParameter(stage)),
});

/** The bus on which AWS's own events arrive, and those that target accounts forward. */
export const defaultBusArn = `arn:\${AWS::Partition}:events:${here}:event-bus/default`;
