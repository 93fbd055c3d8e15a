import type { CredentialsView } from '#core/api/views.ts';
import type { Env } from './home.ts';

/**
 * What would have an SDK call as somebody else, call somewhere else, or mix other credentials with these, although
 * AWS_ACCESS_KEY_ID is set. Read from what reads it:
 * - botocore 1.43.11, `credentials.py`: EnvProvider takes AWS_SECURITY_TOKEN before AWS_SESSION_TOKEN, and
 *   AWS_ACCOUNT_ID; `configprovider.py`: AWS_DATA_PATH may hold other endpoints, AWS_DEFAULT_PROFILE; `utils.py`:
 *   AWS_BEARER_TOKEN_*
 * - @aws-sdk/credential-provider-node: AWS_PROFILE goes before static keys; -provider-env: AWS_CREDENTIAL_SCOPE,
 *   AWS_ACCOUNT_ID; @aws-sdk/core: AWS_BEARER_TOKEN_*, AWS_AUTH_SCHEME_PREFERENCE may prefer a bearer token or nobody
 * - aws-sdk-go-v2 `config/env_config.go`: AWS_ACCESS_KEY and AWS_SECRET_KEY stand in for a half that is missing
 * The rest is asked only where there are no keys: roles, containers, files.
 * `test/cli/variables.test.ts` holds the list to the SDKs that are installed.
 */
const foreign: readonly string[] = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_SCOPE',
  'AWS_CREDENTIAL_FILE',
  'AWS_AUTH_SCHEME_PREFERENCE',
  'AWS_DATA_PATH',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_ENDPOINT_URL',
  'AWS_BEARER_TOKEN_BEDROCK',
];

/** One for each service. */
const foreignFamilies: readonly string[] = ['AWS_ENDPOINT_URL_', 'AWS_BEARER_TOKEN_', 'AWS_CONTAINER_'];

/** Whether a variable of this name must not reach what uses a grant. On Windows names have no case. */
export const isForeign = (name: string, platform: NodeJS.Platform = process.platform): boolean => {
  const read = platform === 'win32' ? name.toUpperCase() : name;
  return foreign.includes(read) || foreignFamilies.some((family) => read.startsWith(family));
};

/**
 * What AWS tools read from the environment. A region that the person has chosen stays, for all of them: some read one
 * of the two names only. An endpoint is the one that the API names, else AWS's own, whatever a configuration file says:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const variablesOf = (view: CredentialsView, env: Env): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: view.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: view.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: view.credentials.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: view.credentials.expiresAt,
  AWS_ACCOUNT_ID: view.accountId,
  AWS_REGION: env.AWS_REGION || env.AWS_DEFAULT_REGION || view.region,
  AWS_DEFAULT_REGION: env.AWS_DEFAULT_REGION || env.AWS_REGION || view.region,
  ...(view.endpointUrl === undefined
    ? { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }
    : { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false', AWS_ENDPOINT_URL: view.endpointUrl }),
});

/** What a shell has to remove first: all that may be foreign, and what is there of the families. */
export const toRemove = (variables: Readonly<Record<string, string>>, env: Env): string[] =>
  [...new Set([...foreign, ...Object.keys(env).filter((name) => isForeign(name))])].filter(
    (name) => !(name in variables),
  );

/** The environment of a command that uses a grant. */
export const environmentWith = (
  variables: Readonly<Record<string, string>>,
  env: Env,
  platform: NodeJS.Platform = process.platform,
): Record<string, string | undefined> => {
  const isSet = (name: string): boolean => (platform === 'win32' ? name.toUpperCase() : name) in variables;
  const kept = Object.entries(env).filter(([name]) => !isForeign(name, platform) && !isSet(name));
  return { ...Object.fromEntries(kept), ...variables };
};
