import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { policyArnOf } from '#core/aws-arn.ts';
import { boundaryName } from '#core/aws-policy.ts';
import type { RoleRef } from '#core/aws-role.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { asOnboardedTag, type RoleShape } from '#core/role-shape.ts';

const inlineOf = async (client: IAMClient, RoleName: string): Promise<Record<string, string>> => {
  const documents: Record<string, string> = {};
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName })) {
    for (const PolicyName of PolicyNames.filter((name) => name !== denyPolicyName)) {
      const { PolicyDocument = '' } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      documents[PolicyName] = decodeURIComponent(PolicyDocument);
    }
  }
  return documents;
};

const attachedTo = async (client: IAMClient, RoleName: string): Promise<string[]> => {
  const arns: string[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName })) {
    arns.push(...AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn));
  }
  return arns;
};

const documentInForce = async (client: IAMClient, PolicyArn: string): Promise<string> => {
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await client.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return decodeURIComponent(PolicyVersion?.Document ?? '');
};

/**
 * What a role is, all but our own deny, and the digest that onboarding left on it. Another boundary than ours may be
 * read by nobody of ours, and need not be: that it is another one says enough. Throws what IAM throws.
 */
export const lookAtRole = async (
  client: IAMClient,
  { accountId, roleName: RoleName }: RoleRef,
): Promise<{ shape: RoleShape; asOnboarded?: string }> => {
  const [{ Role: role }, inline, attachedArns] = await Promise.all([
    client.send(new GetRoleCommand({ RoleName })),
    inlineOf(client, RoleName),
    attachedTo(client, RoleName),
  ]);
  const boundaryArn = role?.PermissionsBoundary?.PermissionsBoundaryArn;
  const isOurs = boundaryArn === policyArnOf(accountId, boundaryName);
  const asOnboarded = role?.Tags?.find(({ Key }) => Key === asOnboardedTag)?.Value;
  return {
    shape: {
      trust: decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''),
      ...(boundaryArn !== undefined && { boundaryArn }),
      ...(isOurs && { boundary: await documentInForce(client, boundaryArn) }),
      inline,
      attachedArns,
    },
    ...(asOnboarded !== undefined && { asOnboarded }),
  };
};
