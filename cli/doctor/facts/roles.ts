import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoles,
} from '@aws-sdk/client-iam';

/** A role as IAM has it. Documents are JSON. */
export type RoleFacts = {
  name: string;
  trust: string;
  tags: Readonly<Record<string, string>>;
  boundaryArn: string | undefined;
  maxSessionSec: number;
  inline: Readonly<Record<string, string>>;
  attachedArns: readonly string[];
};

const isMissing = (error: unknown): boolean => error instanceof Error && error.name === 'NoSuchEntityException';

const inlineOf = async (
  client: IAMClient,
  RoleName: string,
  abortSignal: AbortSignal,
): Promise<Record<string, string>> => {
  const documents: Record<string, string> = {};
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName }, { abortSignal })) {
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument = '' } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }), {
        abortSignal,
      });
      documents[PolicyName] = decodeURIComponent(PolicyDocument);
    }
  }
  return documents;
};

const attachedTo = async (client: IAMClient, RoleName: string, abortSignal: AbortSignal): Promise<string[]> => {
  const arns: string[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
    { client },
    { RoleName },
    { abortSignal },
  )) {
    arns.push(...AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn));
  }
  return arns;
};

/** Undefined where there is no such role. */
export const roleFacts = async (
  client: IAMClient,
  RoleName: string,
  abortSignal: AbortSignal,
): Promise<RoleFacts | undefined> => {
  try {
    const [{ Role: role }, inline, attachedArns] = await Promise.all([
      client.send(new GetRoleCommand({ RoleName }), { abortSignal }),
      inlineOf(client, RoleName, abortSignal),
      attachedTo(client, RoleName, abortSignal),
    ]);
    return {
      name: RoleName,
      trust: decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''),
      tags: Object.fromEntries((role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
      boundaryArn: role?.PermissionsBoundary?.PermissionsBoundaryArn,
      maxSessionSec: role?.MaxSessionDuration ?? 3600,
      inline,
      attachedArns,
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The names of the roles that begin so, whatever their path. */
export const roleNamesWith = async (client: IAMClient, prefix: string, abortSignal: AbortSignal): Promise<string[]> => {
  const names: string[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client }, {}, { abortSignal })) {
    names.push(...Roles.map(({ RoleName = '' }) => RoleName).filter((name) => name.toLowerCase().startsWith(prefix)));
  }
  return names;
};

/** The document that a managed policy has in force, as JSON; undefined where there is no such policy. */
export const managedPolicyDocument = async (
  client: IAMClient,
  arn: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> => {
  try {
    const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn: arn }), { abortSignal });
    const { PolicyVersion } = await client.send(
      new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId }),
      { abortSignal },
    );
    return decodeURIComponent(PolicyVersion?.Document ?? '');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
