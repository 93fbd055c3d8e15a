import { setTimeout } from 'node:timers/promises';
import { DaypassError } from '#core/errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Metrics } from '#ports/metrics.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { Ports } from '#ports/ports.ts';
import type { SettingName } from '#ports/setting.ts';
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

export type Runtime = {
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
export type PortContext = Basics & {
  environment: Environment;
  /** One setting of the function's environment. Throws `SettingMissing`, naming it. */
  setting: (name: SettingName) => string;
  aws: PatientConfig;
  awsOfTargets: PatientConfig;
};

type PatientConfig = AwsConfig & typeof patience;

/** Seconds matter to people who wait for a click to show; the SDK's own patience is far longer than that. */
const patience = { maxAttempts: 3, requestHandler: { requestTimeout: 5_000, connectionTimeout: 2_000 } };

export type PortFactory<Port> = (context: PortContext) => Port;
type PortsOf<Factories> = { [K in keyof Factories]: Factories[K] extends PortFactory<infer Port> ? Port : never };

/**
 * Each member is built when it is first used: a function that fails early should not have waited for what it did not
 * need.
 */
const lazyMembers = <T extends object>(factories: { [K in keyof T]: () => T[K] }): T => {
  const built: Partial<T> = {};
  for (const key of Object.keys(factories) as (keyof T)[]) {
    Object.defineProperty(built, key, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = factories[key]();
        Object.defineProperty(built, key, { value, enumerable: true });
        return value;
      },
    });
  }
  return built as T;
};

export const settingIn = (environment: Environment, name: SettingName): string => {
  const value = environment[name];
  if (value) return value;
  throw new DaypassError(
    'SettingMissing',
    `${name} is missing from this function's environment. Deploy it with its configuration.`,
  );
};

const portContext = (runtime: Runtime): PortContext => {
  const { environment, aws = {}, awsOfTargets = aws, clock = { nowMs: Date.now } } = runtime;
  const setting = (name: SettingName): string => settingIn(environment, name);
  const context: PortContext = lazyMembers<PortContext>({
    environment: () => environment,
    setting: () => setting,
    aws: () => ({ ...aws, ...patience }),
    awsOfTargets: () => ({ ...awsOfTargets, ...patience }),
    clock: () => clock,
    pause: () => (ms) => setTimeout(ms),
    ids: () => randomIds(clock),
    log: () => runtime.log ?? structuredLog(environment.AWS_LAMBDA_FUNCTION_NAME ?? 'daypass'),
    metrics: () => runtime.metrics ?? noMetrics,
    policy: () => runtime.policy ?? compiledPolicy(setting('DAYPASS_POLICY')),
  });
  return context;
};

/**
 * The basic ports and those of `factories`. A function names just the factories that it needs, and its bundle then
 * holds no code of the others. A setting that is missing throws `SettingMissing` at the first use of what needs it.
 */
export const portsIn = <Factories extends Readonly<Record<string, PortFactory<unknown>>>>(
  runtime: Runtime,
  factories: Factories,
): Basics & PortsOf<Factories> => {
  const context = portContext(runtime);
  const made = Object.fromEntries(Object.entries(factories).map(([name, make]) => [name, () => make(context)]));
  return lazyMembers<Basics & PortsOf<Factories>>({
    clock: () => context.clock,
    pause: () => context.pause,
    ids: () => context.ids,
    log: () => context.log,
    metrics: () => context.metrics,
    policy: () => context.policy,
    ...made,
  } as { [K in keyof (Basics & PortsOf<Factories>)]: () => (Basics & PortsOf<Factories>)[K] });
};
