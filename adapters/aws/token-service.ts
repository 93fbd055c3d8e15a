import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { roleOf } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { DaypassError } from '#core/errors.ts';
import type { AssumeOrder, TokenService } from '#ports/token-service.ts';
import { as, nameOfError } from './failures.ts';
import { issuedIn } from './issued.ts';

/**
 * STS in the client's own region. The SDK never takes the global endpoint, whose tokens some regions do not:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
 */
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
        .catch(async (error: unknown) => {
          const refused = refusals[nameOfError(error)];
          if (!refused) return unavailable(order)(error);
          return as('CredentialsRefused', refused(order, await sts.config.region()))(error);
        });
      const issued = issuedIn(Credentials);
      if (issued) return issued;
      throw new DaypassError(
        'CredentialsUnavailable',
        `STS answered without credentials for ${order.roleArn}. Try again.`,
      );
    },
  };
};

const unavailable = ({ roleArn }: AssumeOrder) =>
  as(
    'CredentialsUnavailable',
    `STS did not issue credentials for ${roleArn}. Try again; if it goes on, an operator should check the role's trust policy.`,
  );

type Refused = (order: AssumeOrder, region: string) => string;

const tooMuch: Refused = ({ roleArn }) =>
  `The tags and the policy of a session of ${roleArn} are more than STS takes. An operator should shorten the entitlement's tags, or name fewer roles under chaining.`;

/** STS says no more than that. A role that is not there reads like one that does not trust whoever asks. */
const notLetIn: Refused = ({ roleArn }) =>
  `STS does not let Daypass take ${roleArn}. If the role, its entitlement or its tags are new in the access policy, their account was not onboarded since: an operator should run \`${commandName} onboard\` for account ${roleOf(roleArn).accountId} and deploy what it prints; \`${commandName} doctor\` says what is missing. Within a minute of that, try again.`;

/** What no second try mends, by the error's name. Whoever asked can only tell an operator. */
const refusals: Readonly<Record<string, Refused>> = {
  AccessDenied: notLetIn,
  AccessDeniedException: notLetIn,
  RegionDisabledException: ({ roleArn }, region) =>
    `STS is switched off in ${region} for the account of ${roleArn}. An operator should activate it there under IAM, Account settings; a region that is not on by default must be enabled in this account and in the hub.`,
  PackedPolicyTooLarge: tooMuch,
  PackedPolicyTooLargeException: tooMuch,
};
