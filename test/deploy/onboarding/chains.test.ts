import { describe, expect, it } from 'vitest';
import type { Entitlement, Policy } from '#core/policy/policy.ts';
import { boundaryDocument } from '#deploy/onboarding/boundary.ts';
import { cloudFormation } from '#deploy/onboarding/cloudformation.ts';
import { managedRolePermissions, managedRoleTrust } from '#deploy/onboarding/managed-role.ts';
import { chainTargets, type ManagedRolePlan, onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { tooLong } from '#deploy/onboarding/size.ts';
import { terraform } from '#deploy/onboarding/terraform.ts';
import { toContext } from '#local/aws/iam/context.ts';
import { evaluate } from '#local/aws/iam/evaluate.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { almighty } from './world.ts';

const sample = samplePolicy();
const [read, orders, payments] = sample.entitlements;
if (!read || !orders || !payments) throw new Error('The sample policy has three entitlements.');
const ordersArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const paymentsArn = 'arn:aws:iam::222222222222:role/daypass-jit-payments-admin';
const reportsArn = 'arn:aws:iam::333333333333:role/daypass-jit-reports';
const reports: Entitlement = {
  ...read,
  id: 'partner-reports',
  accountId: '333333333333',
  roleName: 'daypass-jit-reports',
};

/** orders-admin goes on to payments-admin, and that to the partner's reports and back. */
const policy: Policy = {
  ...sample,
  entitlements: [
    read,
    { ...orders, tags: { team: 'orders' }, chaining: { into: [paymentsArn] } },
    { ...payments, chaining: { into: [reportsArn, ordersArn] } },
    reports,
  ],
};
const plan = onboardingPlan(policy, targetsOf(policy));
const roleNamed = (name: string): ManagedRolePlan => {
  const role = plan.accounts.flatMap(({ roles }) => roles).find(({ roleName }) => roleName === name);
  if (!role) throw new Error(`There is no role ${name}.`);
  return role;
};

describe('case 60: what onboarding opens for a chain', () => {
  it('is the trust of the role at which it arrives, for sessions of the role before, under a grant, word for word', () => {
    const { Statement } = managedRoleTrust(roleNamed('daypass-jit-reports'), ['BROKER'], ['dp-x']);
    const Principal = { AWS: ['arn:aws:iam::222222222222:root'] };
    const ArnEquals = { 'aws:PrincipalArn': [paymentsArn] };
    expect(Statement.slice(3)).toEqual([
      {
        Effect: 'Allow',
        Principal,
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Condition: { ArnEquals, Null: { 'aws:PrincipalTag/daypass:grant': 'false', 'aws:SourceIdentity': 'false' } },
      },
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:TagSession',
        Condition: {
          ArnEquals,
          Null: { 'aws:PrincipalTag/daypass:grant': 'false' },
          // The tags of the role before the one before come along too.
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['daypass:grant', 'daypass:entitlement', 'team'] },
        },
      },
    ]);
  });

  it('is the permission of the role from which it starts', () => {
    expect(managedRolePermissions(roleNamed('daypass-jit-payments-admin'))?.Statement).toEqual([
      {
        Sid: 'GoOn',
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        Resource: [reportsArn, ordersArn],
      },
    ]);
  });

  it('is nothing for a role that no chain touches', () => {
    const role = roleNamed('daypass-jit-orders-read');
    expect(role).not.toHaveProperty('chainsInto');
    expect(role).not.toHaveProperty('chainedFrom');
    expect(managedRoleTrust(role, ['BROKER'], ['dp-x']).Statement).toHaveLength(3);
  });

  it('is in the boundary exactly the roles that a chain leads to', () => {
    const boundary = parsePolicy(JSON.stringify(boundaryDocument([], chainTargets(plan.accounts))), 'identity');
    const says = (action: string, resource: string) =>
      evaluate([boundary], { action, resource, context: toContext({}) });
    for (const arn of [paymentsArn, reportsArn, ordersArn]) {
      expect(says('sts:AssumeRole', arn)).toBe('allow');
      expect(says('sts:TagSession', arn)).toBe('allow');
      expect(says('sts:SetSourceIdentity', arn)).toBe('allow');
      expect(says('iam:PutRolePolicy', arn)).toBe('explicit-deny');
      expect(says('iam:PassRole', arn)).toBe('explicit-deny');
    }
    for (const name of ['daypass-jit-orders-read', 'daypass-revoker', 'deployer']) {
      expect(says('sts:AssumeRole', `arn:aws:iam::222222222222:role/${name}`)).toBe('explicit-deny');
    }
  });

  it('is the same in CloudFormation and Terraform, where the boundary opens what its own account goes on to', () => {
    const [production, partner] = plan.accounts;
    if (!production || !partner) throw new Error('There are two target accounts.');
    const text = JSON.stringify(cloudFormation(plan));
    expect(text).toContain('GoOn');
    expect(text).toContain('"NotResource":');
    expect(JSON.stringify(terraform(plan, production))).toContain('NotResource');
    expect(JSON.stringify(terraform(plan, partner))).not.toContain('NotResource');
    expect(JSON.stringify(terraform(plan, partner))).toContain('arn:aws:iam::222222222222:root');
  });

  it('fits, with the longest names and as many roles as one entitlement may name', () => {
    const into = Array.from({ length: 10 }, (_, index) => `${paymentsArn}-${index}`.padEnd(128, 'x'));
    const full = onboardingPlan(
      {
        ...policy,
        entitlements: [
          { ...orders, chaining: { into } },
          { ...payments, chaining: { into: [ordersArn] } },
        ],
      },
      targetsOf(policy),
      { ...almighty, permissions: { mayPass: [], accounts: {} } },
    );
    expect(tooLong(full)).toEqual([]);
  });
});
