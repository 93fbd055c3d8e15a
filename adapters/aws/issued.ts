import type { Credentials } from '@aws-sdk/client-sts';
import { toIso } from '#core/instant.ts';
import type { SessionCredentials } from '#ports/token-service.ts';

/** What STS issued; undefined where its answer lacks any part of it. */
export const issuedIn = (credentials: Credentials | undefined): SessionCredentials | undefined => {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) return undefined;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAt: toIso(Expiration.getTime()),
  };
};
