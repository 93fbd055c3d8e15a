import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import { credentialsFor, type GrantOptions, insistOnOne } from '../grant.ts';
import { credentialProcessLine } from '../own-line.ts';

/** What an AWS SDK reads: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export const run = async (context: Context, options: GrantOptions & { forConfig?: boolean }): Promise<void> => {
  if (options.forConfig) {
    const { entitlement, request } = insistOnOne(options);
    const which = entitlement === undefined ? ['--request', request ?? ''] : ['--entitlement', entitlement];
    const where = context.api === undefined ? [] : ['--api', context.api];
    const line = credentialProcessLine(context.self, [...which, ...where]);
    succeed(context, { line }, [line]);
    return;
  }
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
