import { policyArnOf } from '#core/aws-arn.ts';
import { boundaryName } from '#core/aws-policy.ts';
import { asOnboardedTag, digestOfShape } from '#core/role-shape.ts';
import { managedRolePermissions, managedRoleTrust } from './managed-role.ts';
import { type Document, permissionsPolicyName, tags } from './names.ts';
import type { AccountPlan, ManagedRolePlan } from './plan.ts';

/**
 * The tags of a managed role: with them the digest of all that onboarding gives it, so that the sweeper and `daypass
 * doctor` see what became of it. `boundary`: the one that the same template writes.
 */
export const managedRoleTags = (
  role: ManagedRolePlan,
  { accountId, externalIds }: AccountPlan,
  brokers: readonly string[],
  boundary: Document,
): Readonly<Record<string, string>> => {
  const permissions = managedRolePermissions(role);
  const digest = digestOfShape({
    trust: JSON.stringify(managedRoleTrust(role, brokers, externalIds)),
    boundaryArn: policyArnOf(accountId, boundaryName),
    boundary: JSON.stringify(boundary),
    inline: permissions ? { [permissionsPolicyName]: JSON.stringify(permissions) } : {},
    attachedArns: role.permissions.managedPolicyArns,
  });
  return { ...tags, [asOnboardedTag]: digest };
};
