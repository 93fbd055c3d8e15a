import { DaypassError } from '#core/errors.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { AwsError } from '#local/aws/service.ts';
import type { TargetRoles } from '#ports/target-role.ts';
import type { SessionCredentials, TokenService } from '#ports/token-service.ts';
import { type Accounts, partsOf } from './accounts.ts';

const codeOf = (error: unknown): string => (error instanceof AwsError ? error.code : '');
const unavailable =
  (roleArn: string) =>
  (error: unknown): never => {
    throw new DaypassError('RoleUnavailable', `${roleArn}: ${String(error)}`, { cause: error });
  };

/** As `adapters/aws/target-roles.ts`: over the account's revoker. */
export const inProcessRoles = (
  accounts: Accounts,
  functionName: string,
  otherPolicies: (roleArn: string) => number,
): TargetRoles => ({
  readDeny: async (roleArn) => {
    const { accountId, RoleName } = partsOf(roleArn);
    try {
      const revoker = await accounts.asRevoker(functionName, accountId);
      const { PolicyDocument } = await accounts.call(revoker, 'iam', 'GetRolePolicy', {
        RoleName,
        PolicyName: denyPolicyName,
      });
      return decodeURIComponent(String(PolicyDocument));
    } catch (error) {
      return codeOf(error) === 'NoSuchEntity' ? undefined : unavailable(roleArn)(error);
    }
  },
  writeDeny: async (roleArn, PolicyDocument) => {
    const { accountId, RoleName } = partsOf(roleArn);
    try {
      const revoker = await accounts.asRevoker(functionName, accountId);
      await accounts.call(revoker, 'iam', 'PutRolePolicy', { RoleName, PolicyName: denyPolicyName, PolicyDocument });
      return 'written';
    } catch (error) {
      return codeOf(error) === 'LimitExceeded' ? 'no-room' : unavailable(roleArn)(error);
    }
  },
  look: async () => 'absent',
  otherPolicies: async (roleArn) => otherPolicies(roleArn),
});

/** The credentials in STS's answer to AssumeRole. */
export const credentialsIn = ({ Credentials }: Readonly<Record<string, unknown>>): SessionCredentials => {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials as {
    AccessKeyId: string;
    SecretAccessKey: string;
    SessionToken: string;
    Expiration: Date;
  };
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAt: Expiration.toISOString(),
  };
};

/** As `adapters/aws/token-service.ts`: with the role of `mint-credentials`. */
export const inProcessTokens = (accounts: Accounts): TokenService => ({
  assumeRole: async (order) => {
    try {
      const answer = await accounts.call(await accounts.asFunction('mint-credentials'), 'sts', 'AssumeRole', {
        RoleArn: order.roleArn,
        RoleSessionName: order.roleSessionName,
        SourceIdentity: order.sourceIdentity,
        DurationSeconds: order.durationSec,
        Tags: Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value })),
        TransitiveTagKeys: Object.keys(order.tags),
        Policy: order.sessionPolicy,
        ...(order.externalId !== undefined && { ExternalId: order.externalId }),
      });
      return credentialsIn(answer);
    } catch (error) {
      throw new DaypassError('CredentialsUnavailable', `STS: ${String(error)}`, { cause: error });
    }
  },
});
