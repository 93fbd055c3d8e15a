import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { type AwsConfig, portsIn } from '#adapters/production.ts';
import type { FunctionConfig } from '#functions/config.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Ports } from '#ports/ports.ts';
import type { SessionCredentials } from './aws/sts/service.ts';
import { roleArnOfFunction } from './world.ts';

export type Handler = (event: never, context: Context) => Promise<unknown>;

/** Makes a function's handler; the function's own code is loaded when it is first invoked, as a cold start does. */
export type Loader = (surroundings: {
  ports: Ports;
  environment: Readonly<Record<string, string>>;
}) => Promise<Handler>;

export type LambdaOptions = {
  functions: readonly FunctionConfig[];
  loaders: Readonly<Record<string, Loader>>;
  clock: Clock;
  log: (functionName: string) => Log;
  /** Every setting there is; a function gets those that its configuration names. */
  environment: Readonly<Record<string, string>>;
  aws: { endpoint: string; region: string };
  /** A new session of a function's role. */
  assume: (roleArn: string, sessionName: string) => SessionCredentials;
};

/** Lambda in this process: the deployed handlers, each with its own settings and under its own role. */
export type Lambda = {
  /** Runs a function. Rejects with what its handler throws. `signal` stops nothing that runs; Lambda does not either. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Loads every function now, so that the first request does not wait for it. */
  warm(): Promise<void>;
};

type Sandbox = { handler: Promise<Handler>; usableUntilMs: number };

/** A sandbox is replaced this long before its role's session ends. */
const marginMs = 10 * 60_000;

export const createLambda = (options: LambdaOptions): Lambda => {
  const { functions, loaders, clock, log, environment, aws, assume } = options;
  const sandboxes = new Map<string, Sandbox>();

  const configOf = (name: string): FunctionConfig => {
    const config = functions.find((candidate) => candidate.name === name);
    if (!config) throw new Error(`There is no function ${name}.`);
    return config;
  };

  const open = (config: FunctionConfig): Sandbox => {
    const { name } = config;
    const loader = loaders[name];
    if (!loader) throw new Error(`The embedded stack has no code for the function ${name}.`);
    const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = assume(
      roleArnOfFunction(name),
      `daypass-${name}`,
    );
    const awsConfig: AwsConfig = { ...aws, credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) };
    const settings = Object.fromEntries(
      config.environment.flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]])),
    );
    if (environment.SLACK_API_URL !== undefined) settings.SLACK_API_URL = environment.SLACK_API_URL;
    const ports = portsIn({ environment: settings, aws: awsConfig, clock, log: log(name) });
    return { handler: loader({ ports, environment: settings }), usableUntilMs: expiresAtMs - marginMs };
  };

  const sandboxOf = (config: FunctionConfig): Sandbox => {
    const known = sandboxes.get(config.name);
    if (known && clock.nowMs() < known.usableUntilMs) return known;
    const fresh = open(config);
    sandboxes.set(config.name, fresh);
    return fresh;
  };

  const contextOf = ({ name, memoryMb, timeoutSec }: FunctionConfig): Context => {
    const startedAt = performance.now();
    const awsRequestId = randomUUID();
    return {
      awsRequestId,
      functionName: `daypass-${name}`,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${aws.region}:111111111111:function:daypass-${name}`,
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
      const handler = await sandboxOf(config).handler;
      // What crosses the wire to Lambda is JSON; sharing objects with the caller would hide mistakes.
      const answer = await handler(structuredClone(event) as never, contextOf(config)).catch((error: unknown) => {
        const { name: errorName, message } = error instanceof Error ? error : new Error(String(error));
        log(name).error('The function failed.', { error: errorName, message });
        throw error;
      });
      return answer === undefined ? null : (JSON.parse(JSON.stringify(answer)) as unknown);
    },
    warm: async () => {
      for (const config of functions) await sandboxOf(config).handler;
    },
  };
};
