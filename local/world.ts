import { revokerRoleName } from '#adapters/aws/target-roles.ts';
import type { Account, Policy } from '#core/policy/policy.ts';
import { grantTag } from '#core/session-tags.ts';
import { functionPolicy, functionRoleName, functionTrust } from '#deploy/function-role.ts';
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
  'access-request-executions': `arn:aws:states:${region}:${hubAccountId}:execution:access-request:*`,
  'alert-response-executions': `arn:aws:states:${region}:${hubAccountId}:execution:alert-response:*`,
  'slack-bot-token-arn': `arn:aws:ssm:${region}:${hubAccountId}:parameter${parameters.slackBotToken}`,
  'slack-signing-secret-arn': `arn:aws:ssm:${region}:${hubAccountId}:parameter${parameters.slackSigningSecret}`,
} as const;

const version = '2012-10-17';
const anything = { Version: version, Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export const roleArnOfFunction = (name: string): string =>
  `arn:aws:iam::${hubAccountId}:role/${functionRoleName(name)}`;

/** A function's own role: Lambda may take it, and it may do what the function's configuration says, no more. */
export const functionRole = (config: FunctionConfig): RoleSeed => ({
  accountId: hubAccountId,
  roleName: functionRoleName(config.name),
  trust: functionTrust,
  policies: config.statements.length === 0 ? {} : { function: functionPolicy(config, arns) },
});

/** What the sample's roles may do. A role of another policy file may read, so that there is something to try. */
const samplePermissions: Readonly<Record<string, { actions: string[]; table: string }>> = {
  'daypass-jit-orders-read': {
    actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:DescribeTable'],
    table: 'OrdersTable',
  },
  'daypass-jit-orders-admin': { actions: ['dynamodb:*'], table: 'OrdersTable' },
  'daypass-jit-payments-admin': { actions: ['dynamodb:*'], table: 'PaymentsTable' },
};
const readOrders = { actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'], table: 'OrdersTable' };

const withExternalId = (
  { externalId }: Account,
  extra: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  Condition: { ...(externalId !== undefined && { StringEquals: { 'sts:ExternalId': externalId } }), ...extra },
});

/** A role that people borrow: the mint function may take it, with ExternalId, grant tag and source identity. */
const managedRole = (account: Account, roleName: string): RoleSeed => {
  const { actions, table } = samplePermissions[roleName] ?? readOrders;
  const Principal = { AWS: roleArnOfFunction('mint-credentials') };
  const named = { Null: { [`aws:RequestTag/${grantTag}`]: 'false', 'sts:SourceIdentity': 'false' } };
  return {
    accountId: account.id,
    roleName,
    trust: {
      Version: version,
      Statement: [
        { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...withExternalId(account, named) },
        // `sts:ExternalId` is a context key of AssumeRole only, so these two stand by themselves.
        { Effect: 'Allow', Principal, Action: ['sts:TagSession', 'sts:SetSourceIdentity'] },
      ],
    },
    policies: {
      permissions: {
        Version: version,
        Statement: [{ Effect: 'Allow', Action: actions, Resource: `arn:aws:dynamodb:*:${account.id}:table/${table}*` }],
      },
    },
    maxSessionDurationSec: 3600,
  };
};

/** The role through which Daypass writes the deny policy of managed roles. */
const revokerRole = (account: Account, revokers: readonly string[]): RoleSeed => ({
  accountId: account.id,
  roleName: revokerRoleName,
  trust: {
    Version: version,
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: revokers.map(roleArnOfFunction) },
        Action: 'sts:AssumeRole',
        ...withExternalId(account),
      },
    ],
  },
  policies: {
    revoke: {
      Version: version,
      Statement: [
        {
          Effect: 'Allow',
          Action: ['iam:GetRolePolicy', 'iam:ListRolePolicies', 'iam:PutRolePolicy'],
          Resource: `arn:aws:iam::${account.id}:role/daypass-jit-*`,
        },
      ],
    },
  },
});

const revokes = (config: FunctionConfig): boolean =>
  config.statements.some((statement) =>
    statement.resources.some((resource) => resource.endsWith(`:role/${revokerRoleName}`)),
  );

/** The accounts, their administrators and the roles in them, as onboarding would leave them. */
export const worldOf = (policy: Policy, functions: readonly FunctionConfig[]): Seed => {
  const targets = policy.accounts.filter((account) => account.id !== hubAccountId);
  const roleNames = (accountId: string): string[] => [
    ...new Set(policy.entitlements.filter((each) => each.accountId === accountId).map((each) => each.roleName)),
  ];
  const revokers = functions.filter(revokes).map((config) => config.name);
  return {
    accounts: policy.accounts.map(({ id, name }) => ({ id, name })),
    users: policy.accounts.map(({ id, name }) => ({
      accountId: id,
      userName: `${name}-admin`,
      policies: { AdministratorAccess: anything },
    })),
    roles: targets.flatMap((account) => [
      revokerRole(account, revokers),
      ...roleNames(account.id).map((roleName) => managedRole(account, roleName)),
    ]),
  };
};

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
