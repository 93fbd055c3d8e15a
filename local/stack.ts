import { resolve } from 'node:path';
import { bundledCli } from '#adapters/bundled-cli.ts';
import { policyFile } from '#adapters/policy-file.ts';
import type { Policy } from '#core/policy/policy.ts';
import { functions } from '#functions/registry.ts';
import type { Log } from '#ports/log.ts';
import { tellOfPolicy } from '#slack/deliver/policy-notices.ts';
import { socketMode } from '#slack/ingress/socket.ts';
import { openAppServer } from './app-server.ts';
import type { BusEvent } from './aws/events/bus-event.ts';
import { openAwsSide } from './aws-side.ts';
import { bodyBudgetBytes, createBodies } from './bodies.ts';
import { type LocalClock, systemClock } from './clock.ts';
import { openDataFolder } from './data-folder.ts';
import { createHttpApi } from './http-api.ts';
import { createLambda } from './lambda.ts';
import { loaders } from './loaders.ts';
import { machineryOf } from './machinery.ts';
import { closedDatabase } from './node/closed-database.ts';
import { openCloud, refuseBroker } from './node/cloud.ts';
import { createFirstSeen } from './node/first-seen.ts';
import type { RealAwsSettings } from './node/settings.ts';
import { createLookUp } from './node/trail/lookup.ts';
import { watchTrail } from './node/trail/watch-trail.ts';
import { watchPolicy } from './policy-watch.ts';
import { createSchedule } from './schedule.ts';
import { externalSlack, openWorkspace, type SlackSide } from './workspace-side.ts';
import { arns, hubAccountId, parameters, region } from './world.ts';

export type StackOptions = {
  /** 0 asks for any free port. */
  port: number;
  awsPort: number;
  /** Absent: a folder that is gone afterwards. */
  dataFolder?: string;
  policyPath: string;
  /**
   * Talks to this Slack instead of the workspace: one that posts to the app, or one that is connected to by Socket
   * Mode.
   */
  slack?: { apiUrl: string; botToken: string } & ({ signingSecret: string } | { appToken: string });
  /** What the workspace signs with; random where it is absent. */
  signingSecret?: string;
  /** Lends access in the real AWS. The engines and the database stay here and are closed to everybody else. */
  realAws?: RealAwsSettings;
  /** Where people reach the app, if not at its own address. */
  publicUrl?: string;
  /** How many proxies of ours a request passes before it comes here; none unless told. */
  trustedProxies?: number;
  clock?: LocalClock;
  log: (functionName: string) => Log;
  /** Hears every domain event after it was published. */
  onEvent?: (event: BusEvent) => void;
};

export type Stack = {
  appUrl: string;
  awsUrl: string;
  /** Absent where another Slack is used. */
  workspaceUrl?: string;
  dataFolder: string;
  slack: SlackSide;
  /** ARN of the role or user under which access is lent; absent where AWS is embedded. */
  brokerArn?: string;
  /** Resolves when no event waits for delivery. */
  idle(): Promise<void>;
  /** Runs a function by hand, as an operator would. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Loads every function, so that the first click does not wait for its code. */
  warm(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Everything that production has, in this process. Ready when it resolves; throws a plain Error that says what to do.
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { log, clock = systemClock() } = options;
  const policyPath = resolve(options.policyPath);
  let onboardChange = (_: Policy): void => undefined;
  const policySource = policyFile(policyPath, log('policy'), {
    clock,
    onRead: (changed) => onboardChange(changed),
  });
  const policy = await policySource.current();
  refuseBroker(policy, options.realAws !== undefined);
  const real = options.realAws && { ...options.realAws, cloud: await openCloud(policySource) };
  const sealed = real && { closedDatabase: closedDatabase(real, log('node')) };
  const folder = openDataFolder(options.dataFolder, real ? 'node' : 'laptop');
  const aws = await openAwsSide({
    folder,
    port: options.awsPort,
    clock,
    policy,
    ...(sealed && { sealed }),
    invoke: (name, event) => lambda.invoke(name, event),
    secret: (name) =>
      ({ [parameters.slackBotToken]: slack.botToken, [parameters.slackSigningSecret]: slack.signingSecret })[name],
  });
  onboardChange = (changed) => {
    try {
      aws.onboard(changed);
    } catch (error) {
      log('policy').error('What is new in the access policy could not be onboarded. Start again.', {
        error: String(error),
      });
    }
  };
  const app = await openAppServer({
    port: options.port,
    publicUrl: options.publicUrl,
    fault: (error) => log('app').error('A request could not be answered.', { error: String(error) }),
  });
  const bodies = createBodies(bodyBudgetBytes);
  const slack = openWorkspace({
    ...(options.slack && { external: externalSlack(options.slack) }),
    ...(options.signingSecret !== undefined && { signingSecret: options.signingSecret }),
    database: () => folder.database('workspace'),
    clock,
    appUrl: app.url,
    policy,
    bodies,
    machinery: machineryOf({ states: aws.states, recent: aws.trail.recent, rolePolicy: aws.iam.rolePolicy, policy }),
  });
  const lambda = createLambda({
    functions,
    loaders: loaders(real ? { region: real.cloud.region } : { region, endpointUrl: aws.url }, bundledCli()),
    clock,
    policy: policySource,
    log,
    aws: { endpoint: aws.url, region },
    ...(real && { awsOfTargets: real.cloud.aws }),
    assume: (roleArn, sessionName) => aws.sts.serviceSession(roleArn, sessionName, 'lambda.amazonaws.com'),
    environment: {
      DAYPASS_TABLE: 'daypass',
      DAYPASS_BUS: 'daypass',
      DAYPASS_POLICY: policyPath,
      DAYPASS_URL: options.publicUrl ?? app.url,
      DAYPASS_ACCESS_REQUEST_ARN: arns['access-request-arn'],
      DAYPASS_ALERT_RESPONSE_ARN: arns['alert-response-arn'],
      DAYPASS_LOCKDOWN_ARN: arns['lockdown-arn'],
      SLACK_BOT_TOKEN_PARAMETER: parameters.slackBotToken,
      SLACK_SIGNING_SECRET_PARAMETER: parameters.slackSigningSecret,
      SLACK_API_URL: slack.apiUrl,
    },
  });
  const socket =
    options.slack && 'appToken' in options.slack
      ? socketMode({
          ...options.slack,
          ports: lambda.portsOf('slack-events'),
          firstSeenMs: createFirstSeen(folder.database('socket')),
        })
      : undefined;
  const trail =
    real &&
    watchTrail({
      db: folder.database('aws'),
      clock,
      lookUp: createLookUp(real.cloud.credentialsOf),
      put: (event) => aws.bus.put(event, hubAccountId),
      policy: policySource,
      ports: lambda.portsOf('detect'),
      regions: real.regions,
      everySec: real.trailEverySec,
      log: log('trail'),
    });
  const notices = lambda.portsOf('notify');
  const policyWatch = watchPolicy({
    path: policyPath,
    source: policySource,
    clock,
    log: log('policy'),
    tell: (inForce, notice) => tellOfPolicy(inForce, notice, notices),
  });
  const httpApi = createHttpApi({
    // Over Socket Mode nothing is posted: nobody knows the signing secret, and the route is not even there.
    functions: socket ? functions.filter(({ name }) => name !== 'slack-events') : functions,
    clock,
    bodies,
    invoke: lambda.invoke,
    fallback: 'api',
    behind: { trustedProxies: options.trustedProxies, publicUrl: options.publicUrl },
    fault: (error) => log('http-api').error('A function behind the HTTP API failed.', { error: String(error) }),
  });
  app.answerWith(async (request, response) => {
    if (!(await slack.handle(request, response))) await httpApi(request, response);
  });

  if (options.onEvent) aws.bus.onPublished(options.onEvent);
  aws.bus.onPublished(slack.nudge);
  aws.resume();
  const schedule = createSchedule({ functions, clock, log: log('schedule'), invoke: lambda.invoke });
  schedule.start();
  trail?.start();
  await socket?.start();

  const stop = async (): Promise<void> => {
    await socket?.stop();
    await policyWatch.stop();
    await trail?.stop();
    await schedule.stop();
    slack.close();
    await app.close();
    await aws.stop();
    clock.stop();
    folder.close();
  };
  let stopping: Promise<void> | undefined;
  return {
    appUrl: app.url,
    awsUrl: aws.url,
    ...(slack.pageUrl !== undefined && { workspaceUrl: slack.pageUrl }),
    dataFolder: folder.path,
    slack,
    ...(real && { brokerArn: real.cloud.brokerArn }),
    idle: aws.bus.idle,
    invoke: lambda.invoke,
    warm: lambda.warm,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
};
