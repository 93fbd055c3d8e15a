import { functionRoleName, roleArnOf } from '#core/aws-role.ts';
import type { Policy } from '#core/policy/policy.ts';
import { functionPolicy, functionTrust } from '#deploy/function-role.ts';
import type { FunctionConfig } from '#functions/config.ts';
import type { RoleSeed, Seed } from './aws/iam/seed.ts';

export const hubAccountId = '111111111111';
export const region = 'us-east-1';

/** Slack's secrets, as SSM parameters of the hub. */
export const parameters = {
  slackBotToken: '/daypass/local/slack/bot-token',
  slackSigningSecret: '/daypass/local/slack/signing-secret',
} as const;

/** What the functions' configurations and the state machines name by `${…}`, in the embedded stack. */
export const arns = {
  'table-arn': `arn:aws:dynamodb:${region}:${hubAccountId}:table/daypass`,
  'bus-arn': `arn:aws:events:${region}:${hubAccountId}:event-bus/daypass`,
  'access-request-arn': `arn:aws:states:${region}:${hubAccountId}:stateMachine:access-request`,
  'alert-response-arn': `arn:aws:states:${region}:${hubAccountId}:stateMachine:alert-response`,
  'lockdown-arn': `arn:aws:states:${region}:${hubAccountId}:stateMachine:lockdown`,
  'access-request-executions': `arn:aws:states:${region}:${hubAccountId}:execution:access-request:*`,
  'alert-response-executions': `arn:aws:states:${region}:${hubAccountId}:execution:alert-response:*`,
  'lockdown-executions': `arn:aws:states:${region}:${hubAccountId}:execution:lockdown:*`,
  'slack-bot-token-arn': `arn:aws:ssm:${region}:${hubAccountId}:parameter${parameters.slackBotToken}`,
  'slack-signing-secret-arn': `arn:aws:ssm:${region}:${hubAccountId}:parameter${parameters.slackSigningSecret}`,
} as const;

const version = '2012-10-17';
const anything = { Version: version, Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export const roleArnOfFunction = (name: string): string =>
  roleArnOf({ accountId: hubAccountId, roleName: functionRoleName(name) });

/** A function's own role: Lambda may take it, and it may do what the function's configuration says, no more. */
export const functionRole = (config: FunctionConfig): RoleSeed => ({
  accountId: hubAccountId,
  roleName: functionRoleName(config.name),
  trust: functionTrust,
  policies: config.statements.length === 0 ? {} : { function: functionPolicy(config, arns) },
});

/** The accounts and their administrators. What else is in the target accounts, onboarding's template makes. */
export const worldOf = (policy: Policy): Seed => ({
  accounts: policy.accounts.map(({ id, name }) => ({ id, name })),
  users: policy.accounts.map(({ id, name }) => ({
    accountId: id,
    userName: `${name}-admin`,
    policies: { AdministratorAccess: anything },
  })),
  roles: [],
});

/** The data that the sample's roles are about. */
export const ordersTable = {
  TableName: 'OrdersTable',
  AttributeDefinitions: [{ AttributeName: 'OrderId', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'OrderId', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};

export const sampleOrder = {
  OrderId: { S: '12345' },
  Item: { S: 'Teapot' },
  Quantity: { N: '2' },
  State: { S: 'paid' },
};
