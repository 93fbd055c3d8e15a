import { join } from 'node:path';
import { isUserArn, userIsNoBroker, whatIsABroker } from '#core/aws-arn.ts';
import { hubRegionOf } from '#core/policy/policy.ts';
import type { ReadPolicy } from '#core/policy/read.ts';
import type { Clock } from '#ports/clock.ts';
import { normalAddress } from '../address.ts';
import { exits, Failure, usage } from '../failure.ts';
import { readLogins } from '../home.ts';
import { readPolicyFile, usualPolicyFile } from '../policy-file.ts';
import { type Access, accessTo, chosenProfiles, readProfiles } from './access.ts';

type Env = Readonly<Record<string, string | undefined>>;

export type DoctorOptions = {
  /** The folder that `npm start` keeps everything in; `true` for the usual one. */
  local?: string | true;
  policy?: string;
  stage?: string;
  region?: string;
  profile?: readonly string[];
  broker?: string;
  canary?: boolean;
};

/** An account to look at. Without an id, it is the hub of a policy that cannot be read. */
export type Target = { name: string; id: string | undefined; isHub: boolean; access: Access | undefined };

/** What is looked at, and from where. */
export type Installation = {
  env: Env;
  clock: Clock;
  policyFile: string;
  read: ReadPolicy;
  targets: readonly Target[];
  region: string;
  /** Who takes the roles in place of the hub's functions: the principal of a single node. */
  broker: string | undefined;
  stage: string;
  /** Where Daypass is; undefined where nobody said so. */
  api: string | undefined;
  /** Slack's Web API, with a slash at its end. */
  slackApi: string;
  /** Whether to take each account's canary and wait for the event. */
  canary: boolean;
};

const localApi = 'http://127.0.0.1:4600';

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

/** The AWS files of a data folder of `npm start`. */
export const awsFilesIn = (folder: string): { AWS_CONFIG_FILE: string; AWS_SHARED_CREDENTIALS_FILE: string } => ({
  AWS_CONFIG_FILE: join(folder, 'aws', 'config'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'aws', 'credentials'),
});

const accountsOf = (read: ReadPolicy): { name: string; id: string | undefined; isHub: boolean }[] =>
  read.ok
    ? read.policy.accounts.map(({ name, id, externalId }) => ({ name, id, isHub: externalId === undefined }))
    : [{ name: 'hub', id: undefined, isHub: true }];

/** Throws a Failure for what was asked wrongly. */
export const installationOf = async (
  given: { env: Env; clock: Clock; api: string | undefined },
  options: DoctorOptions,
): Promise<Installation> => {
  const folder = options.local === true ? '.daypass' : options.local;
  const env = folder === undefined ? given.env : { ...given.env, ...awsFilesIn(folder) };
  const policyFile = options.policy ?? usualPolicyFile;
  const [read, profiles] = await Promise.all([readPolicyFile(policyFile), readProfiles(env)]);
  if (folder !== undefined && profiles.size === 0) {
    const message = `There are no AWS profiles in ${join(folder, 'aws')}.`;
    throw new Failure(
      exits.usage,
      'no-data-folder',
      message,
      'Start `npm start` first, or say which --data folder it has: --local DIR.',
    );
  }
  if (options.broker !== undefined && isUserArn(options.broker)) {
    throw usage(`The broker is an IAM user. ${userIsNoBroker}`, whatIsABroker);
  }
  const chosen = chosenProfiles(options.profile ?? []);
  const accounts = accountsOf(read);
  for (const name of chosen.keys()) {
    if (read.ok && !accounts.some((account) => account.name === name)) {
      throw usage(
        `The access policy has no account ${name}.`,
        `It has ${accounts.map((account) => account.name).join(', ')}.`,
      );
    }
  }
  const targets = accounts.map((account) => ({ ...account, access: accessTo(account, chosen, profiles) }));
  const known = given.api ?? env.DAYPASS_API ?? (folder === undefined ? (await readLogins(env)).current : localApi);
  const api = known === undefined ? undefined : normalAddress(known);
  const workspace = folder !== undefined && api !== undefined ? `${api}/workspace/api/` : 'https://slack.com/api/';
  return {
    env,
    clock: given.clock,
    policyFile,
    read,
    targets,
    // Where the policy cannot be read, there is no hub to look at.
    region: options.region ?? hubRegionOf(read.ok ? read.policy : { accounts: [] }),
    broker: options.broker,
    stage: options.stage ?? (folder === undefined ? 'prod' : 'local'),
    api,
    canary: options.canary === true,
    slackApi: withSlash(env.SLACK_API_URL ?? workspace),
  };
};
