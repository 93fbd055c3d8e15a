import { DatabaseSync } from 'node:sqlite';
import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { cloudFormation, type Template } from '#deploy/onboarding/cloudformation.ts';
import { onboardingPlan, type PlanOptions, targetsOf } from '#deploy/onboarding/plan.ts';
import { createEventBus } from '#local/aws/events/bus.ts';
import type { RoleSeed } from '#local/aws/iam/seed.ts';
import { turnableClock } from '#local/clock.ts';
import { loadTemplate } from '#local/cloudformation/load.ts';
import { deployedFrom } from '#local/cloudformation/resources.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { allow, type Keys, keysOf, smallWorld, startIdentity, trust } from '#test/local/aws/sts/identity-stack.ts';

export const hub = '111111111111';
export const production = '222222222222';
export const role = 'daypass-jit-orders-admin';
export const roleArn = `arn:aws:iam::${production}:role/${role}`;
export const revokerArn = `arn:aws:iam::${production}:role/daypass-revoker`;
export const externalId = 'dp-production-7f3a91c2';

const everything = { statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }], managedPolicyArns: [] };

/** Managed roles that may do anything: what they then may not do, the boundary keeps from them. */
export const almighty: PlanOptions = {
  permissions: { mayPass: [], accounts: { production: { 'daypass-jit-orders-read': everything, [role]: everything } } },
};

export const sampleTemplate = (options: PlanOptions = almighty): Template => {
  const policy = samplePolicy();
  return cloudFormation(onboardingPlan(policy, targetsOf(policy), options));
};

const functionRole = (name: string): RoleSeed => ({
  accountId: hub,
  roleName: `daypass-${name}`,
  trust: trust({ Service: 'lambda.amazonaws.com' }),
  policies: { all: allow('sts:*') },
});

/** Roles beside Daypass's: a target account is not empty. */
const others: readonly RoleSeed[] = [
  {
    accountId: production,
    roleName: 'deployer',
    trust: trust({ AWS: production }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
    policies: {},
  },
  {
    accountId: production,
    roleName: 'daypass-opened-by-mistake',
    trust: trust({ AWS: production }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
    policies: {},
  },
  { accountId: production, roleName: 'daypass-jit-without-boundary', trust: trust({ AWS: production }), policies: {} },
];

/** A target account as the template makes it, and the functions of the hub, each of which may ask STS for anything. */
export const openTarget = async (template: Template) => {
  const bus = createEventBus({
    db: new DatabaseSync(':memory:'),
    clock: turnableClock(),
    deliverTo: async () => undefined,
  });
  const names = [
    'mint-credentials',
    'revoke-sessions',
    'revoke-alert',
    'revoke-locked',
    'sweep',
    'settle-execution',
    'follow-chain',
    'restore-deny',
    'notify',
  ];
  const stack = await startIdentity(
    { ...smallWorld, roles: [...names.map(functionRole), ...others] },
    { services: { events: bus.service } },
  );
  const place = { accountId: production, region: 'us-east-1' };
  const { managedPolicies, roles, rules } = deployedFrom(loadTemplate(template, place), place);
  stack.iam.deploy({ managedPolicies, roles });
  const pattern = { source: ['orders'] };
  for (const rule of rules) bus.putRule(rule);
  bus.putRule({ accountId: production, name: 'orders', state: 'ENABLED', pattern, targets: [] });

  const clients: { destroy(): void }[] = [];
  const kept = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  const asFunction = (name: string): Keys =>
    stack.sts.serviceSession(`arn:aws:iam::${hub}:role/daypass-${name}`, name, 'lambda.amazonaws.com');
  const iamAs = (keys: Keys): IAMClient => kept(new IAMClient(stack.settings(keys)));
  const assume = (keys: Keys, input: Partial<AssumeRoleCommandInput>) =>
    kept(new STSClient(stack.settings(keys))).send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'alice-01J9ZX5T8R5C6X3K4M2N7P8Q9R', ...input }),
    );
  return {
    admin: stack.userKeys(production, 'production-admin'),
    hubAdmin: stack.userKeys(hub, 'hub-admin'),
    asFunction,
    iamAs,
    assume,
    disableRule: (keys: Keys, Name: string) =>
      kept(new EventBridgeClient(stack.settings(keys))).send(new DisableRuleCommand({ Name })),
    /** A session as Daypass mints it; `over` changes the call. */
    mint: async (over: Partial<AssumeRoleCommandInput> = {}, by = 'mint-credentials'): Promise<Required<Keys>> =>
      keysOf(await assume(asFunction(by), { ...asDaypass, ...over })),
    revoker: async (over: Partial<AssumeRoleCommandInput> = {}, by = 'revoke-sessions'): Promise<Required<Keys>> =>
      keysOf(await assume(asFunction(by), { RoleArn: revokerArn, ExternalId: externalId, ...over })),
    close: async () => {
      for (const client of clients) client.destroy();
      await bus.stop();
      await stack.close();
    },
  };
};

export type Target = Awaited<ReturnType<typeof openTarget>>;

export const grantTag = { Key: 'daypass:grant', Value: '01J9ZX5T8R5C6X3K4M2N7P8Q9R' };
export const entitlementTag = { Key: 'daypass:entitlement', Value: 'orders-admin' };

const asDaypass: Partial<AssumeRoleCommandInput> = {
  ExternalId: externalId,
  SourceIdentity: 'alice',
  Tags: [grantTag, entitlementTag],
  TransitiveTagKeys: ['daypass:grant', 'daypass:entitlement'],
};
