import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { DaypassError } from '#core/errors.ts';
import type { TokenService } from '#ports/token-service.ts';
import { as } from './failures.ts';
import { issuedIn } from './issued.ts';

export const createTokenService = (config: STSClientConfig): TokenService => {
  const sts = new STSClient(config);
  return {
    assumeRole: async (order) => {
      const { Credentials } = await sts
        .send(
          new AssumeRoleCommand({
            RoleArn: order.roleArn,
            RoleSessionName: order.roleSessionName,
            SourceIdentity: order.sourceIdentity,
            DurationSeconds: order.durationSec,
            Tags: Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value })),
            TransitiveTagKeys: Object.keys(order.tags),
            Policy: order.sessionPolicy,
            ...(order.externalId !== undefined && { ExternalId: order.externalId }),
          }),
        )
        .catch(
          as(
            'CredentialsUnavailable',
            `STS did not issue credentials for ${order.roleArn}. Try again; if it goes on, an operator should check the role's trust policy.`,
          ),
        );
      const issued = issuedIn(Credentials);
      if (issued) return issued;
      throw new DaypassError(
        'CredentialsUnavailable',
        `STS answered without credentials for ${order.roleArn}. Try again.`,
      );
    },
  };
};
