import { setTimeout } from 'node:timers/promises';
import { DaypassError } from '#core/errors.ts';
import type { EnvironmentName } from '#functions/config.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Metrics } from '#ports/metrics.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { Ports } from '#ports/ports.ts';
import { compiledPolicy } from './compiled-policy.ts';
import { randomIds } from './ids.ts';
import { structuredLog } from './log.ts';
import { noMetrics } from './metrics.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What an AWS SDK client is made with. Empty on Lambda: region, credentials and endpoint come from the environment. */
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
  /** For the calls that concern target accounts (STS, IAM), where they go elsewhere than the others. */
  awsOfTargets?: AwsConfig;
  clock?: Clock;
  log?: Log;
  /** Absent where nobody collects figures. */
  metrics?: Metrics;
  /** Shared by several functions in one process; by default the compiled one that `DAYPASS_POLICY` names. */
  policy?: PolicySource;
};

/** The ports that every function has: they cost next to nothing. */
type Basics = Pick<Ports, 'clock' | 'pause' | 'ids' | 'log' | 'metrics' | 'policy'>;

/** What a port is made from. */
export type Workbench = Basics & {
  environment: Environment;
  /** One setting of the function's environment. Throws `SettingMissing`, naming it. */
  setting: (name: EnvironmentName) => string;
  aws: PatientConfig;
  awsOfTargets: PatientConfig;
};

type PatientConfig = AwsConfig & typeof patience;

/** Seconds matter to people who wait for a click to show; the SDK's own patience is far longer than that. */
const patience = { maxAttempts: 3, requestHandler: { requestTimeout: 5_000, connectionTimeout: 2_000 } };

export type Maker<Port> = (bench: Workbench) => Port;
type Made<Makers> = { [K in keyof Makers]: Makers[K] extends Maker<infer Port> ? Port : never };

/** Each member is built when it is first used: a function that fails early should not have waited for what it did not need. */
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

export const settingIn = (environment: Environment, name: EnvironmentName): string => {
  const value = environment[name];
  if (value) return value;
  throw new DaypassError(
    'SettingMissing',
    `${name} is missing from this function's environment. Deploy it with its configuration.`,
  );
};

const workbench = (surroundings: Surroundings): Workbench => {
  const { environment, aws = {}, awsOfTargets = aws, clock = { nowMs: Date.now } } = surroundings;
  const setting = (name: EnvironmentName): string => settingIn(environment, name);
  const bench: Workbench = lazyMembers<Workbench>({
    environment: () => environment,
    setting: () => setting,
    aws: () => ({ ...aws, ...patience }),
    awsOfTargets: () => ({ ...awsOfTargets, ...patience }),
    clock: () => clock,
    pause: () => (ms) => setTimeout(ms),
    ids: () => randomIds(clock),
    log: () => surroundings.log ?? structuredLog(environment.AWS_LAMBDA_FUNCTION_NAME ?? 'daypass'),
    metrics: () => surroundings.metrics ?? noMetrics,
    policy: () => surroundings.policy ?? compiledPolicy(setting('DAYPASS_POLICY')),
  });
  return bench;
};

/**
 * The basic ports and those of `makers`. A function names just the makers that it needs, and its bundle then holds no code
 * of the others. A setting that is missing throws `SettingMissing` at the first use of what needs it.
 */
export const portsIn = <Makers extends Readonly<Record<string, Maker<unknown>>>>(
  surroundings: Surroundings,
  makers: Makers,
): Basics & Made<Makers> => {
  const bench = workbench(surroundings);
  const made = Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () => make(bench)]));
  return lazyMembers<Basics & Made<Makers>>({
    clock: () => bench.clock,
    pause: () => bench.pause,
    ids: () => bench.ids,
    log: () => bench.log,
    metrics: () => bench.metrics,
    policy: () => bench.policy,
    ...made,
  } as { [K in keyof (Basics & Made<Makers>)]: () => (Basics & Made<Makers>)[K] });
};
