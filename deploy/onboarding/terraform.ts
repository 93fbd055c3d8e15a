import { boundaryName } from '#core/aws-policy.ts';
import { canaryRoleName, revokerRoleName } from '#core/aws-role.ts';
import { managedRoleTags } from './as-onboarded.ts';
import { canaryDescription, canaryTrust } from './canary.ts';
import { managedRolePermissions, managedRoleTrust, maxSessionDurationSec } from './managed-role.ts';
import { type Document, permissionsPolicyName, tags } from './names.ts';
import { type AccountPlan, boundaryOf, type ManagedRolePlan, type OnboardingPlan } from './plan.ts';
import { revokerPolicy, revokerTrust } from './revoker.ts';
import { forwarding, forwardRole } from './terraform-forwarding.ts';
import { type Block, type Blocks, Expression, json } from './terraform-text.ts';

/** A configuration of one account as `main.tf.json`: https://developer.hashicorp.com/terraform/language/syntax/json */
export type TerraformConfiguration = {
  terraform: Block;
  provider: Block;
  data: Readonly<Record<string, Blocks>>;
  resource: Readonly<Record<string, Blocks>>;
};

const boundaryArn = new Expression('aws_iam_policy.daypass_boundary.arn');

/** Terraform's names have letters, digits, dashes and underscores. */
const nameOf = (roleName: string, index: number): string =>
  `${roleName.replace(/[^A-Za-z0-9_-]/g, '_').replaceAll('-', '_')}${index === 0 ? '' : `_${index + 1}`}`;

type Named = readonly (readonly [name: string, plan: ManagedRolePlan])[];

const named = ({ roles }: AccountPlan): Named =>
  [...Map.groupBy(roles, ({ roleName }) => nameOf(roleName, 0))].flatMap(([, alike]) =>
    alike.map((plan, index) => [nameOf(plan.roleName, index), plan] as const),
  );

const managedRoles = (plan: OnboardingPlan, account: AccountPlan, limit: Document): Blocks =>
  Object.fromEntries(
    named(account).map(([name, role]) => [
      name,
      {
        name: role.roleName,
        description:
          'Lent by Daypass for the time of a grant. Sessions are ended by its inline policy AWSRevokeOlderSessions.',
        assume_role_policy: json(managedRoleTrust(role, plan.brokers, account.externalIds)),
        permissions_boundary: boundaryArn.text,
        max_session_duration: maxSessionDurationSec,
        tags: managedRoleTags(role, account, plan.brokers, limit),
      },
    ]),
  );

/**
 * Each inline policy is a resource of its own. Inside the role, or held by aws_iam_role_policies_exclusive, Terraform
 * would take away what it did not write, and that is the deny.
 */
const managedRolePolicies = (account: AccountPlan): Blocks =>
  Object.fromEntries(
    named(account).flatMap(([name, role]) => {
      const document = managedRolePermissions(role);
      if (!document) return [];
      return [
        [name, { name: permissionsPolicyName, role: `\${aws_iam_role.${name}.name}`, policy: json(document) }] as const,
      ];
    }),
  );

const attachments = (account: AccountPlan): Blocks =>
  Object.fromEntries(
    named(account).flatMap(([name, { permissions }]) =>
      permissions.managedPolicyArns.map((policy_arn, index) => [
        `${name}_${index + 1}`,
        { role: `\${aws_iam_role.${name}.name}`, policy_arn },
      ]),
    ),
  );

const present = (types: Readonly<Record<string, Blocks>>): Readonly<Record<string, Blocks>> =>
  Object.fromEntries(Object.entries(types).filter(([, blocks]) => Object.keys(blocks).length > 0));

/**
 * The configuration for one account of the plan, complete in itself. It needs version 6 of the AWS provider, which
 * knows a region per resource.
 */
export const terraform = (plan: OnboardingPlan, account: AccountPlan): TerraformConfiguration => {
  const limit = boundaryOf(plan, [account]);
  const sender = plan.hears === 'forwarded' ? forwardRole(plan, account) : undefined;
  return {
    terraform: {
      required_version: '>= 1.5.0',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 6.0.0' } },
    },
    // Applied with credentials of any other account it fails before it changes anything.
    provider: { aws: { region: plan.homeRegion, allowed_account_ids: [account.accountId] } },
    data: sender ? { aws_regions: { enabled: {} } } : {},
    resource: present({
      aws_iam_policy: {
        daypass_boundary: {
          name: boundaryName,
          description: 'The most that a session lent by Daypass may do. It keeps a session from undoing its own end.',
          policy: json(limit),
          tags,
        },
      },
      aws_iam_role: {
        ...managedRoles(plan, account, limit),
        daypass_revoker: {
          name: revokerRoleName,
          description: 'Daypass ends sessions through this role: it writes the deny on the roles that it lends.',
          assume_role_policy: json(revokerTrust(plan.revokers, account.externalIds)),
          max_session_duration: maxSessionDurationSec,
          tags,
        },
        daypass_canary: {
          name: canaryRoleName,
          description: canaryDescription,
          assume_role_policy: json(canaryTrust(plan.hub.accountId, account.externalIds)),
          max_session_duration: maxSessionDurationSec,
          tags,
        },
        ...sender?.role,
      },
      aws_iam_role_policy: {
        ...managedRolePolicies(account),
        daypass_revoker: {
          name: 'revoke',
          role: '${aws_iam_role.daypass_revoker.name}',
          policy: json(revokerPolicy(boundaryArn, plan.hears === 'looked-up')),
        },
        ...sender?.policy,
      },
      aws_iam_role_policy_attachment: attachments(account),
      ...(sender && forwarding(plan, account)),
    }),
  };
};
