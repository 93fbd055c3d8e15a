import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { issuedIn } from '#adapters/aws/issued.ts';
import type { AwsConfig } from '#adapters/runtime.ts';
import { isUserArn, userIsNoBroker, whatIsABroker } from '#core/aws-arn.ts';
import { assumedRoleArnOf, revokerRoleName, roleArnOf, roleOf } from '#core/aws-role.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { PolicySource } from '#ports/policy-source.ts';

/** The real AWS, as the node's own principal sees it. */
export type Cloud = {
  /** ARN of the node's role. */
  brokerArn: string;
  /** Where its own calls go; credentials are good in every region. */
  region: string;
  /** What clients for STS and IAM are made with. */
  aws: AwsConfig;
  /** What may look into an account's event history: the node's own for the hub, the revoker's elsewhere. */
  credentialsOf: (accountId: string) => AwsConfig['credentials'];
};

const hubOf = ({ accounts }: Policy) => accounts.find(({ externalId }) => externalId === undefined);

/** The broker that the policy names. Throws where there is none. */
export const brokerIn = (policy: Policy): string => {
  const broker = hubOf(policy)?.broker;
  if (broker !== undefined) return broker;
  throw new Error(
    'The access policy names no broker. Write the ARN of the role under which this node runs as `broker` of the hub: the account without externalId.',
  );
};

/**
 * Throws where the policy is a node's and the stack is not: its own functions would then be strangers to the detector.
 */
export const refuseBroker = (policy: Policy, isNode: boolean): void => {
  if (isNode || hubOf(policy)?.broker === undefined) return;
  throw new Error(
    'The access policy names a broker, which is for a node with the real AWS. Start with --aws real, or take `broker` out of the policy.',
  );
};

/** Whether a caller is a session of the broker, a role, whose path no session's ARN shows. */
export const isBroker = (broker: string, callerArn: string): boolean =>
  !isUserArn(broker) && callerArn.startsWith(assumedRoleArnOf(roleOf(broker), ''));

const regionOf = async (sts: STSClient): Promise<string> => {
  try {
    return await sts.config.region();
  } catch (error) {
    throw new Error('No AWS region is set. Set AWS_REGION, for instance to us-east-1.', { cause: error });
  }
};

const callerOf = async (sts: STSClient): Promise<string> => {
  try {
    const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return Arn;
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    throw new Error(
      `AWS does not know this node (${name}). Give it credentials in one of the usual ways: an instance role, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
      { cause: error },
    );
  }
};

/**
 * Finds out who this node is, by the usual chain of credentials. Throws an Error that says what to do where that is not
 * the broker of the policy: whatever else the credentials in the environment belong to, its own doings would count as
 * Daypass's and raise no alert.
 */
export const openCloud = async (policySource: PolicySource): Promise<Cloud> => {
  const broker = brokerIn(await policySource.current());
  const sts = new STSClient({ maxAttempts: 3, requestHandler: { requestTimeout: 10_000, connectionTimeout: 5_000 } });
  const region = await regionOf(sts);
  const caller = await callerOf(sts);
  if (isUserArn(caller))
    throw new Error(`The AWS credentials are those of ${caller}. ${userIsNoBroker} ${whatIsABroker}`);
  if (!isBroker(broker, caller)) {
    throw new Error(
      `The AWS credentials are those of ${caller}, and the access policy names ${broker} as the broker. Use the broker's credentials, or correct the policy and the roles' trust.`,
    );
  }

  const asRevoker = (accountId: string) => async () => {
    const { accounts } = await policySource.current();
    const externalId = accounts.find(({ id }) => id === accountId)?.externalId;
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArnOf({ accountId, roleName: revokerRoleName }),
        RoleSessionName: 'daypass-read-trail',
        DurationSeconds: 3600,
        ...(externalId !== undefined && { ExternalId: externalId }),
      }),
    );
    const issued = issuedIn(Credentials);
    if (!issued) throw new Error('STS answered without credentials.');
    const { expiresAt, ...credentials } = issued;
    return { ...credentials, expiration: new Date(expiresAt) };
  };

  const hubId = hubOf(await policySource.current())?.id;
  return {
    brokerArn: broker,
    region,
    aws: { region },
    credentialsOf: (accountId) => (accountId === hubId ? undefined : asRevoker(accountId)),
  };
};
