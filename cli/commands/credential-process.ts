import { openSession } from '../api.ts';
import type { Context } from '../context.ts';
import { credentialsFor, type GrantOptions } from '../grant.ts';

/** What an AWS SDK reads: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export const run = async (context: Context, options: GrantOptions): Promise<void> => {
  const { credentials } = await credentialsFor(context, options, await openSession(context));
  context.print(
    JSON.stringify({
      Version: 1,
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiresAt,
    }),
  );
};
