import { spawn, spawnSync } from 'node:child_process';
import type { Keys } from '../sts/identity-stack.ts';

const found = spawnSync('aws', ['--version'], { encoding: 'utf8' });

/** The AWS CLI of this machine, an independent client; `undefined` where there is none. */
export const cliVersion: string | undefined =
  found.status === 0 ? `${found.stdout}${found.stderr}`.trim().split(' ')[0] : undefined;

/** What a test that compares with the CLI adds to its name. */
export const cliNote = cliVersion === undefined ? ' (no AWS CLI here: SDK only)' : ' (and the AWS CLI)';

export type CliRun = { code: number; stdout: string; stderr: string };

const withoutAws = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));

const run = (args: readonly string[], env: Record<string, string>): Promise<CliRun> =>
  new Promise((resolve, reject) => {
    const child = spawn('aws', [...args, '--output', 'json'], {
      env: { ...withoutAws(process.env), AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1', ...env },
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      out.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      out.stderr += String(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, ...out }));
  });

/** Runs `aws …` with these keys, away from any configuration of the machine. */
export const runCli = (endpointUrl: string, keys: Keys, args: readonly string[]): Promise<CliRun> =>
  run(args, {
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
    AWS_ENDPOINT_URL: endpointUrl,
    // Version 1 of the CLI reads this one, version 2 also AWS_REGION.
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.sessionToken }),
  });

/** Runs `aws … --profile` with nothing but the two files to go by. */
export const runCliWithProfile = (
  files: { AWS_CONFIG_FILE: string; AWS_SHARED_CREDENTIALS_FILE: string },
  profile: string,
  args: readonly string[],
): Promise<CliRun> => run([...args, '--profile', profile], files);
