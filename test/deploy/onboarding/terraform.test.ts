import { describe, expect, it } from 'vitest';
import { cloudFormation } from '#deploy/onboarding/cloudformation.ts';
import { type OnboardingPlan, onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { terraform } from '#deploy/onboarding/terraform.ts';
import { loadTemplate } from '#local/cloudformation/load.ts';
import { deployedFrom } from '#local/cloudformation/resources.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { production } from './world.ts';

type Json = Record<string, unknown>;

const statement = {
  Effect: 'Allow',
  Action: 'iam:GetUser',
  Resource: 'arn:aws:iam::222222222222:user/${aws:username}',
  Condition: { StringLike: { 'aws:PrincipalTag/x': '%{y}' } },
};
const planWith = (managedPolicyArns: string[]): OnboardingPlan => {
  const policy = samplePolicy();
  return onboardingPlan(policy, targetsOf(policy), {
    permissions: {
      mayPass: ['app-*'],
      accounts: { production: { 'daypass-jit-orders-admin': { statements: [statement], managedPolicyArns } } },
    },
  });
};
const configurationOf = (plan: OnboardingPlan) => {
  const [account] = plan.accounts;
  if (!account) throw new Error('The plan has no account.');
  return terraform(plan, account);
};
const configuration = configurationOf(planWith(['arn:aws:iam::aws:policy/ReadOnlyAccess']));
const resources = configuration.resource as Record<string, Record<string, Json>>;

/** Terraform's reading of one literal string, for what the configuration refers to. */
const read = (text: string): string =>
  text
    .replaceAll('${aws_iam_policy.daypass_boundary.arn}', `arn:aws:iam::${production}:policy/daypass-boundary`)
    .replaceAll(
      '${aws_sqs_queue.daypass_dead_letters[each.value].arn}',
      `arn:aws:sqs:us-east-1:${production}:daypass-forward-dead-letters`,
    )
    .replace(/([$%])\1\{/g, '$1{');
const document = (text: unknown): unknown => JSON.parse(read(String(text)));

describe('the Terraform form', () => {
  it('refers only to what it holds', () => {
    const text = JSON.stringify(configuration);
    const references = [...text.matchAll(/(?<!\$)\$\{([a-z_]+)\.([A-Za-z0-9_]+)/g)].map(([, type, name]) => [
      type,
      name,
    ]);
    expect(references.length).toBeGreaterThan(10);
    for (const [type = '', name = ''] of references) {
      if (type === 'each' || type === 'data') continue;
      expect(Object.keys(resources[type] ?? {}), `${type}.${name}`).toContain(name);
    }
    expect(configuration.data).toEqual({ aws_regions: { enabled: {} } });
  });

  it('can be applied in its own account only', () => {
    expect(configuration.provider).toEqual({ aws: { region: 'us-east-1', allowed_account_ids: [production] } });
    expect(configuration.terraform).toMatchObject({
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 6.0.0' } },
    });
  });

  it('never holds all inline policies of a role, which would take the deny away', () => {
    expect(Object.keys(resources)).not.toContain('aws_iam_role_policies_exclusive');
    const roles = Object.values(resources.aws_iam_role ?? {});
    expect(roles.length).toBeGreaterThan(3);
    for (const role of roles) expect(role).not.toHaveProperty('inline_policy');
  });

  it('says in IAM what the CloudFormation form says', () => {
    const place = { accountId: production, region: 'us-east-1' };
    const plan = planWith([]);
    const written = configurationOf(plan).resource as typeof resources;
    const { roles, managedPolicies } = deployedFrom(loadTemplate(cloudFormation(plan), place), place);
    const inTerraform = Object.entries(written.aws_iam_role ?? {}).map(([name, role]) => {
      const inline = Object.values(written.aws_iam_role_policy ?? {}).filter(
        (one) => one.role === `\${aws_iam_role.${name}.name}`,
      );
      return {
        accountId: production,
        roleName: role.name,
        trust: document(role.assume_role_policy),
        policies: Object.fromEntries(inline.map((one) => [one.name, document(one.policy)])),
        description: role.description,
        tags: role.tags,
        ...(role.max_session_duration !== undefined && { maxSessionDurationSec: role.max_session_duration }),
        ...(role.permissions_boundary !== undefined && {
          permissionsBoundary: read(String(role.permissions_boundary)),
        }),
      };
    });
    const byName = (one: { roleName: unknown }, other: { roleName: unknown }) =>
      String(one.roleName) < String(other.roleName) ? -1 : 1;
    // One external id is a text there and a list here: the same to IAM.
    const lists = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (key, member: unknown) =>
        key === 'sts:ExternalId' ? [member].flat() : member,
      );
    expect(lists(inTerraform.sort(byName))).toEqual(lists([...roles].sort(byName)));
    const [boundary] = Object.values(written.aws_iam_policy ?? {});
    expect(boundary?.name).toBe(managedPolicies[0]?.policyName);
    expect(document(boundary?.policy)).toEqual(managedPolicies[0]?.document);
  });

  it('says in EventBridge what the CloudFormation form says, in every region', () => {
    const place = { accountId: production, region: 'us-east-1' };
    const { rules } = deployedFrom(loadTemplate(cloudFormation(planWith([])), place), place);
    const inTerraform = Object.entries(resources.aws_cloudwatch_event_rule ?? {}).map(([id, rule]) => {
      const target = resources.aws_cloudwatch_event_target?.[id] ?? {};
      const retry = target.retry_policy as Json;
      expect([rule.for_each, rule.region, target.for_each, target.region]).toEqual([
        '${data.aws_regions.enabled.names}',
        '${each.value}',
        '${data.aws_regions.enabled.names}',
        '${each.value}',
      ]);
      return {
        accountId: production,
        name: rule.name,
        state: rule.state,
        pattern: document(rule.event_pattern),
        targets: [
          {
            id: target.target_id,
            eventBusArn: target.arn,
            roleArn: String(target.role_arn).replace(
              '${aws_iam_role.daypass_forward.arn}',
              `arn:aws:iam::${production}:role/daypass-forward`,
            ),
            retry: {
              maximumEventAgeInSeconds: retry.maximum_event_age_in_seconds,
              maximumRetryAttempts: retry.maximum_retry_attempts,
            },
          },
        ],
      };
    });
    expect(inTerraform).toEqual(rules);
  });

  it('keeps a policy’s own variables as they are written', () => {
    const policy = String(resources.aws_iam_role_policy?.daypass_jit_orders_admin?.policy);
    expect(policy).toContain('user/$${aws:username}');
    expect(policy).toContain('%%{y}');
    expect(document(policy)).toEqual({ Version: '2012-10-17', Statement: [statement] });
  });

  it('attaches managed policies one by one', () => {
    expect(resources.aws_iam_role_policy_attachment).toEqual({
      daypass_jit_orders_admin_1: {
        role: '${aws_iam_role.daypass_jit_orders_admin.name}',
        policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      },
    });
  });

  it('gives names that differ in punctuation only names of their own', () => {
    const policy = samplePolicy();
    const [first] = policy.entitlements;
    if (!first) throw new Error('There is no entitlement.');
    const entitlements = ['a.b', 'a-b', 'a=b'].map((name) => ({ ...first, id: name, roleName: `daypass-jit-${name}` }));
    const plan = onboardingPlan({ ...policy, entitlements }, targetsOf(policy));
    const roles = (configurationOf(plan).resource.aws_iam_role ?? {}) as Record<string, Json>;
    expect(Object.values(roles).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['daypass-jit-a.b', 'daypass-jit-a-b', 'daypass-jit-a=b']),
    );
    const inCloudFormation = Object.values(cloudFormation(plan).Resources).map(({ Properties }) => Properties.RoleName);
    expect(inCloudFormation).toEqual(expect.arrayContaining(['daypass-jit-a.b', 'daypass-jit-a-b', 'daypass-jit-a=b']));
  });

  it('for a single node forwards nothing', () => {
    const policy = samplePolicy();
    const broker = 'arn:aws:iam::111111111111:role/node';
    const node = configurationOf(onboardingPlan(policy, targetsOf(policy), { broker }));
    expect(Object.keys(node.resource)).toEqual(['aws_iam_policy', 'aws_iam_role', 'aws_iam_role_policy']);
    expect(node.data).toEqual({});
  });
});
