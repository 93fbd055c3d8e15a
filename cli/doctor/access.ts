import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { openTable, type Table } from '#adapters/aws/table.ts';
import { tableName } from '#deploy/hub/names.ts';
import { usage } from '../failure.ts';
import type { Told } from './facts/http.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What of a profile the SDKs' clients do not take from `profile` alone. */
type Profile = { region?: string; endpointUrl?: string };

/** The profiles of the AWS configuration. */
export type Profiles = ReadonlyMap<string, Profile>;

const sectionsOf = (ini: string, profiles: Map<string, Profile>): void => {
  let current: Profile | undefined;
  for (const line of ini.split('\n')) {
    const section = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      current = profiles.get(section) ?? {};
      profiles.set(section, current);
    }
    const [, key, value] = /^(region|endpoint_url)\s*=\s*(\S+)/.exec(line) ?? [];
    if (key === 'region' && value !== undefined && current) current.region = value;
    if (key === 'endpoint_url' && value !== undefined && current) current.endpointUrl = value;
  }
};

/**
 * What the AWS SDKs find in the two files that they read: docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
export const readProfiles = async (env: Env): Promise<Profiles> => {
  const folder = join(env.HOME ?? homedir(), '.aws');
  const files = [
    env.AWS_CONFIG_FILE || join(folder, 'config'),
    env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
  ];
  const profiles = new Map<string, Profile>();
  for (const file of files) sectionsOf(await readFile(file, 'utf8').catch(() => ''), profiles);
  return profiles;
};

/** `hub=ops` of each `--profile`. */
export const chosenProfiles = (given: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    given.map((text): [string, string] => {
      const [, account, profile] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (account !== undefined && profile !== undefined) return [account, profile];
      throw usage(`--profile takes ACCOUNT=PROFILE, not ${text}.`, 'For example --profile production=ops-production.');
    }),
  );

/** With which credentials an account is looked at. Without a profile: those of the environment. */
export type Access = { profile?: string; endpoint?: string };

/** Undefined where nothing says how; the hub is looked at with whatever credentials are there. */
export const accessTo = (
  account: { name: string; isHub: boolean },
  chosen: ReadonlyMap<string, string>,
  profiles: Profiles,
): Access | undefined => {
  const usual = `${account.name}-admin`;
  const profile = chosen.get(account.name) ?? (profiles.has(usual) ? usual : undefined);
  if (profile === undefined) return account.isHub ? {} : undefined;
  const endpoint = profiles.get(profile)?.endpointUrl;
  return { profile, ...(endpoint !== undefined && { endpoint }) };
};

const patience = { maxAttempts: 2, requestHandler: { requestTimeout: 5_000, connectionTimeout: 3_000 } };

export type Clients = {
  iam: IAMClient;
  sts: STSClient;
  events: EventBridgeClient;
  trails: CloudTrailClient;
  ssm: SSMClient;
  /** Undefined on the laptop, whose functions share one process. */
  lambda: LambdaClient | undefined;
  table: Table;
};

/** An account whose credentials work. */
export type Reached = { name: string; id: string; isHub: boolean; clients: Clients };

export const clientsFor = (access: Access, region: string): Clients => {
  const config = { ...patience, region, ...access };
  return {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    events: new EventBridgeClient(config),
    trails: new CloudTrailClient(config),
    ssm: new SSMClient(config),
    lambda: access.endpoint === undefined ? new LambdaClient(config) : undefined,
    table: openTable(tableName, config),
  };
};

/** Whose credentials they are, and what time it is at AWS. Throws what STS throws. */
export const identityOf = async (
  { sts }: Pick<Clients, 'sts'>,
  nowMs: () => number,
  abortSignal: AbortSignal,
): Promise<{ accountId: string; arn: string; told: Told }> => {
  const told: Told = { theirMs: undefined, askedMs: nowMs(), answeredMs: nowMs() };
  sts.middlewareStack.add(
    (next) => async (args) => {
      told.askedMs = nowMs();
      const result = await next(args);
      told.answeredMs = nowMs();
      const { headers } = result.response as { headers?: Readonly<Record<string, string>> };
      const theirMs = Date.parse(headers?.date ?? '');
      told.theirMs = Number.isNaN(theirMs) ? undefined : theirMs;
      return result;
    },
    { step: 'deserialize', name: 'dateOfAnswer', override: true },
  );
  const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
  return { accountId: Account, arn: Arn, told };
};
