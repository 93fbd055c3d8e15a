import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import * as factories from '#adapters/port-factories.ts';
import { type AwsConfig, portsIn } from '#adapters/runtime.ts';
import type { FunctionConfig } from '#functions/config.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { PortsWithSlack } from '#slack/ports.ts';
import type { SessionCredentials } from './aws/sts/service.ts';
import { hubAccountId, roleArnOfFunction } from './world.ts';

export type Handler = (event: never, context: Context) => Promise<unknown>;

/** Makes a function's handler; the function's own code is loaded when it is first invoked, as a cold start does. */
export type Loader = (runtime: {
  ports: PortsWithSlack;
  environment: Readonly<Record<string, string>>;
}) => Promise<Handler>;

export type LambdaOptions = {
  functions: readonly FunctionConfig[];
  loaders: Readonly<Record<string, Loader>>;
  clock: Clock;
  /** One for all functions: each for itself would have its own last good version of a file that became unreadable. */
  policy: PolicySource;
  log: (functionName: string) => Log;
  /** Every setting there is; a function gets those that its configuration names. */
  environment: Readonly<Record<string, string>>;
  aws: { endpoint: string; region: string };
  /**
   * For the calls that concern target accounts, where they go to the real AWS. Only functions that assume roles get it.
   */
  awsOfTargets?: AwsConfig;
  /** A new session of a function's role. */
  assume: (roleArn: string, sessionName: string) => SessionCredentials;
};

/** Lambda in this process: the deployed handlers, each with its own settings and under its own role. */
export type Lambda = {
  /** Runs a function. Rejects with what its handler throws. Nothing stops one that runs for longer than its timeout. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** What a function is built with, for a front that runs its code in another way than by events. */
  portsOf(name: string): PortsWithSlack;
  /** Loads every function now, so that the first request does not wait for it. */
  warm(): Promise<void>;
};

/** A role's session is replaced this long before it ends. */
const marginMs = 10 * 60_000;

/**
 * Credentials of a function's role, always fresh by the stack's clock. They say that they have expired, so that the
 * SDK, which goes by the machine's clock, asks for them at every call.
 */
const roleCredentials = (renew: () => SessionCredentials, clock: Clock): NonNullable<AwsConfig['credentials']> => {
  let current: SessionCredentials | undefined;
  return async () => {
    if (!current || clock.nowMs() >= current.expiresAtMs - marginMs) current = renew();
    const { accessKeyId, secretAccessKey, sessionToken } = current;
    return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(0) };
  };
};

export const createLambda = (options: LambdaOptions): Lambda => {
  const { functions, loaders, clock, policy, log, environment, aws, assume } = options;
  const sandboxes = new Map<string, Promise<Handler>>();

  const configOf = (name: string): FunctionConfig => {
    const config = functions.find((candidate) => candidate.name === name);
    if (!config) throw new Error(`There is no function ${name}.`);
    return config;
  };

  const workbenchOf = ({ name, environment: wanted, statements }: FunctionConfig): Parameters<Loader>[0] => {
    const assumes = statements.some(({ actions }) => actions.includes('sts:AssumeRole'));
    const credentials = roleCredentials(() => assume(roleArnOfFunction(name), `daypass-${name}`), clock);
    const settings = Object.fromEntries(
      [...wanted, 'SLACK_API_URL'].flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]])),
    );
    const runtime = {
      environment: settings,
      aws: { ...aws, credentials },
      ...(options.awsOfTargets && assumes && { awsOfTargets: options.awsOfTargets }),
      clock,
      log: log(name),
      // A function whose configuration does not name the setting must not have a policy here either.
      ...(settings.DAYPASS_POLICY !== undefined && { policy }),
    };
    return { ports: portsIn(runtime, factories), environment: settings };
  };

  const open = (config: FunctionConfig): Promise<Handler> => {
    const loader = loaders[config.name];
    if (!loader) throw new Error(`The embedded stack has no code for the function ${config.name}.`);
    return loader(workbenchOf(config));
  };

  const sandboxOf = (config: FunctionConfig): Promise<Handler> => {
    const sandbox = sandboxes.get(config.name) ?? open(config);
    sandboxes.set(config.name, sandbox);
    return sandbox;
  };

  const contextOf = ({ name, memoryMb, timeoutSec }: FunctionConfig): Context => {
    const startedAt = performance.now();
    const awsRequestId = randomUUID();
    return {
      awsRequestId,
      functionName: `daypass-${name}`,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${aws.region}:${hubAccountId}:function:daypass-${name}`,
      memoryLimitInMB: String(memoryMb),
      logGroupName: `/aws/lambda/daypass-${name}`,
      logStreamName: awsRequestId,
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => timeoutSec * 1000 - (performance.now() - startedAt),
      done: () => undefined,
      fail: () => undefined,
      succeed: () => undefined,
    };
  };

  return {
    invoke: async (name, event) => {
      const config = configOf(name);
      const handler = await sandboxOf(config);
      // What crosses the wire to Lambda is JSON; sharing objects with the caller would hide mistakes.
      const answer = await handler(JSON.parse(JSON.stringify(event)) as never, contextOf(config)).catch(
        (error: unknown) => {
          const { name: errorName, message } = error instanceof Error ? error : new Error(String(error));
          log(name).error('The function failed.', { error: errorName, message });
          throw error;
        },
      );
      return answer === undefined ? null : (JSON.parse(JSON.stringify(answer)) as unknown);
    },
    portsOf: (name) => workbenchOf(configOf(name)).ports,
    warm: async () => {
      for (const config of functions) await sandboxOf(config);
    },
  };
};
