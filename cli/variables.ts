import type { CredentialsView } from '#core/api/views.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Whatever would make an SDK prefer other credentials, or mix them with these. */
export const foreign: readonly string[] = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SECURITY_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
];

/** What AWS tools read from the environment. A region that the person has chosen stays. */
export const variablesOf = (view: CredentialsView, env: Env): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: view.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: view.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: view.credentials.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: view.credentials.expiresAt,
  ...(!env.AWS_REGION && !env.AWS_DEFAULT_REGION && { AWS_REGION: view.region, AWS_DEFAULT_REGION: view.region }),
  ...(view.endpointUrl !== undefined && { AWS_ENDPOINT_URL: view.endpointUrl }),
});

export const shells = ['sh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** The shell that is probably there to read it. */
export const likelyShell = (env: Env, platform: NodeJS.Platform = process.platform): Shell => {
  if (platform === 'win32') return 'powershell';
  return env.SHELL?.endsWith('/fish') ? 'fish' : 'sh';
};

type Dialect = { set(name: string, value: string): string; unset(name: string): string };

const dialects: Readonly<Record<Shell, Dialect>> = {
  sh: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`,
  },
};

/** Lines that a shell evaluates: what would get in the way is removed, then these are set. */
export const script = (
  shell: Shell,
  variables: Readonly<Record<string, string>>,
  unset: readonly string[],
): string[] => [
  ...unset.map((name) => dialects[shell].unset(name)),
  ...Object.entries(variables).map(([name, value]) => dialects[shell].set(name, value)),
];
