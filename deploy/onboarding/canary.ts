import { accountArnOf } from '#core/aws-arn.ts';
import { type Document, policyVersion } from './names.ts';

/**
 * Who may take the canary: whoever the hub's own policies let, with the account's ExternalId. It may do nothing, so
 * there is nothing to keep from anybody; what it is for is the event that CloudTrail makes of it.
 */
export const canaryTrust = (hubAccountId: string, externalIds: unknown): Document => ({
  Version: policyVersion,
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: accountArnOf(hubAccountId) },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': externalIds } },
    },
  ],
});

export const canaryDescription =
  'It may do nothing. Taking it shows whether events of this account reach the hub of Daypass.';
