import { managedPrefix } from '#core/aws-role.ts';
import type { Policy } from '#core/policy/policy.ts';
import { busResources } from '#deploy/hub/bus.ts';
import { cloudFormation } from '#deploy/onboarding/cloudformation.ts';
import type { RolePermissions } from '#deploy/onboarding/permissions.ts';
import { type OnboardingPlan, onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import type { EventBus } from './aws/events/bus.ts';
import type { Iam } from './aws/iam/identity.ts';
import { loadTemplate } from './cloudformation/load.ts';
import { type Deployed, deployedFrom } from './cloudformation/resources.ts';
import { hubAccountId, region } from './world.ts';

const onTable = (accountId: string, table: string, actions: readonly string[]): RolePermissions => ({
  statements: [{ Effect: 'Allow', Action: actions, Resource: `arn:aws:dynamodb:*:${accountId}:table/${table}*` }],
  managedPolicyArns: [],
});

const readActions = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:DescribeTable'];

/** What the sample's roles may do. A role of another policy file may read, so that there is something to try. */
const samplePermissions = (accountId: string, roleName: string): RolePermissions => {
  if (roleName === `${managedPrefix}orders-admin`) return onTable(accountId, 'OrdersTable', ['dynamodb:*']);
  if (roleName === `${managedPrefix}payments-admin`) return onTable(accountId, 'PaymentsTable', ['dynamodb:*']);
  return onTable(accountId, 'OrdersTable', readActions);
};

/**
 * As `daypass onboard --permissions FILE` would plan it. The hub of the embedded stack is one account, whatever the
 * policy says.
 */
const planOf = (policy: Policy): OnboardingPlan => {
  const hub = { id: hubAccountId, name: 'hub' };
  const targets = targetsOf(policy).filter(({ id }) => id !== hubAccountId);
  const permissions = targets.map(({ id, name }): [string, Readonly<Record<string, RolePermissions>>] => {
    const lent = policy.entitlements.filter(({ accountId }) => accountId === id);
    return [name, Object.fromEntries(lent.map(({ roleName }) => [roleName, samplePermissions(id, roleName)]))];
  });
  return onboardingPlan({ ...policy, accounts: [hub, ...targets] }, targets, {
    permissions: { mayPass: [], accounts: Object.fromEntries(permissions) },
    hubRegion: region,
    homeRegion: region,
  });
};

/** What the plan's template makes in each of its accounts, and what the hub's makes for them there. */
const deployedBy = (plan: OnboardingPlan): Deployed[] => {
  const template = cloudFormation(plan);
  const places = plan.accounts.map(({ accountId }) => ({ accountId, region }));
  const hub = { accountId: hubAccountId, region };
  const { DaypassBus: _, ...bus } = busResources(plan.accounts.map(({ accountId }) => accountId));
  return [
    ...places.map((place) => deployedFrom(loadTemplate(template, place), place)),
    deployedFrom(loadTemplate({ Resources: bus }, hub), hub),
  ];
};

/**
 * Puts the target accounts in place as their template describes them. The hub's function roles must be there: its trust
 * policies name them.
 */
export const onboard = (policy: Policy, { iam, bus }: { iam: Iam; bus: EventBus }): void => {
  for (const { managedPolicies, roles, rules, busStatements } of deployedBy(planOf(policy))) {
    iam.deploy({ managedPolicies, roles });
    for (const rule of rules) bus.putRule(rule);
    for (const { eventBusName, statement } of busStatements) {
      bus.allow(`arn:aws:events:${region}:${hubAccountId}:event-bus/${eventBusName}`, statement);
    }
  }
};
