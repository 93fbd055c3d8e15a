import { setTimeout } from 'node:timers/promises';
import { DaypassError } from '#core/errors.ts';
import type { EnvironmentName } from '#functions/config.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { Ports } from '#ports/ports.ts';
import type { Machine } from '#ports/workflows.ts';
import { createAlertStore } from './aws/alert-store.ts';
import { createLedgerStore } from './aws/ledger-store.ts';
import { createLoginStore } from './aws/login-store.ts';
import { createOutbox } from './aws/outbox.ts';
import { createPostings } from './aws/postings.ts';
import { createReplyStore } from './aws/reply-store.ts';
import { createRequestStore } from './aws/request-store.ts';
import { openTable, type Table } from './aws/table.ts';
import { createTargetRoles } from './aws/target-roles.ts';
import { createTaskTokens } from './aws/task-tokens.ts';
import { createTokenService } from './aws/token-service.ts';
import { createWorkflows } from './aws/workflows.ts';
import { randomIds } from './ids.ts';
import { structuredLog } from './log.ts';
import { policyFile } from './policy-file.ts';
import { createSlack } from './slack/web-api.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every AWS SDK client is made with. Empty on Lambda: region, credentials and endpoint come from the environment. */
export type AwsConfig = {
  region?: string;
  endpoint?: string;
  credentials?: () => Promise<{
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
    expiration?: Date;
  }>;
};

export type Surroundings = {
  environment: Environment;
  aws?: AwsConfig;
  clock?: Clock;
  log?: Log;
  /** Shared by several functions in one process; by default the file that `DAYPASS_POLICY` names. */
  policy?: PolicySource;
};

/** Each member is built when it is first used, so that a function pays only for what it needs. */
const lazyMembers = <T extends object>(makers: { [K in keyof T]: () => T[K] }): T => {
  const built: Partial<T> = {};
  for (const key of Object.keys(makers) as (keyof T)[]) {
    Object.defineProperty(built, key, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = makers[key]();
        Object.defineProperty(built, key, { value, enumerable: true });
        return value;
      },
    });
  }
  return built as T;
};

const arnSettings: Readonly<Record<Machine, EnvironmentName>> = {
  'access-request': 'DAYPASS_ACCESS_REQUEST_ARN',
  'alert-response': 'DAYPASS_ALERT_RESPONSE_ARN',
};

/** One setting of a function's environment. Throws `SettingMissing`, naming it. */
export const settingIn = (environment: Environment, name: EnvironmentName): string => {
  const value = environment[name];
  if (value) return value;
  throw new DaypassError(
    'SettingMissing',
    `${name} is missing from this function's environment. Deploy it with its configuration.`,
  );
};

/** The real ports, from the settings that a function's environment names. Throws `SettingMissing` at the first use of one that is not there. */
export const portsIn = ({ environment, aws = {}, clock = { nowMs: Date.now }, log, policy }: Surroundings): Ports => {
  const setting = (name: EnvironmentName): string => settingIn(environment, name);
  // Seconds matter to people who wait for a click to show; the SDK's own patience is far longer than that.
  const config = { ...aws, maxAttempts: 3, requestHandler: { requestTimeout: 5_000, connectionTimeout: 2_000 } };
  let table: Table | undefined;
  const shared = (): Table => {
    table ??= openTable(setting('DAYPASS_TABLE'), config);
    return table;
  };
  const ports: Ports = lazyMembers<Ports>({
    clock: () => clock,
    pause: () => (ms) => setTimeout(ms),
    ids: () => randomIds(clock),
    log: () => log ?? structuredLog(environment.AWS_LAMBDA_FUNCTION_NAME ?? 'daypass'),
    policy: () => policy ?? policyFile(setting('DAYPASS_POLICY'), ports.log),
    requests: () => createRequestStore(shared()),
    outbox: () => createOutbox(shared(), { name: setting('DAYPASS_BUS'), config }, ports.log),
    ledgers: () => createLedgerStore(shared(), clock),
    targetRoles: () => createTargetRoles(config, ports.policy, clock),
    tokenService: () => createTokenService(config),
    workflows: () => createWorkflows((machine) => setting(arnSettings[machine]), config),
    taskTokens: () => createTaskTokens(shared(), clock),
    slack: () => createSlack({ token: setting('SLACK_BOT_TOKEN'), apiUrl: environment.SLACK_API_URL }),
    postings: () => createPostings(shared(), clock),
    logins: () => createLoginStore(shared()),
    replies: () => createReplyStore(shared(), clock),
    alerts: () => createAlertStore(shared()),
  });
  return ports;
};

/** The ports of a deployed function. Only here is the process's environment read. */
export const production = (): Ports => portsIn({ environment: process.env });

/** Where a deployed function runs: Lambda sets it. */
export const productionRegion = (): string => process.env.AWS_REGION ?? 'us-east-1';

/** A setting of a deployed function. Throws `SettingMissing`. */
export const productionSetting = (name: EnvironmentName): string => settingIn(process.env, name);
