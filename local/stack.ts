import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { policyFile } from '#adapters/policy-file.ts';
import { rules } from '#events/rules/registry.ts';
import { functions } from '#functions/registry.ts';
import { table } from '#functions/table.ts';
import type { Log } from '#ports/log.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';
import { createCloudTrail } from './aws/cloudtrail/trail.ts';
import { createDynamoDb } from './aws/dynamodb/dynamodb.ts';
import { createEndpoint } from './aws/endpoint.ts';
import { createEventBus } from './aws/events/bus.ts';
import type { BusEvent } from './aws/events/bus-event.ts';
import { createIdentity } from './aws/iam/identity.ts';
import { keyRing, readMasterKey } from './aws/iam/keys.ts';
import { writeProfiles } from './aws/iam/profiles.ts';
import { belowOf } from './below.ts';
import { type LocalClock, systemClock } from './clock.ts';
import { openDataFolder } from './data-folder.ts';
import { createHttpApi } from './http-api.ts';
import { createLambda } from './lambda.ts';
import { loaders } from './loaders.ts';
import { createSchedule } from './schedule.ts';
import { serviceAssumedCall } from './service-assumed.ts';
import { createStates } from './states/states.ts';
import { openWorkspace, type SlackSide } from './workspace-side.ts';
import { arns, functionRole, hubAccountId, ordersTable, region, sampleOrder, worldOf } from './world.ts';

export type StackOptions = {
  /** 0 asks for any free port. */
  port: number;
  awsPort: number;
  /** Absent: a folder that is gone afterwards. */
  dataFolder?: string;
  policyPath: string;
  /** Talks to this Slack instead of the workspace. */
  slack?: { apiUrl: string; botToken: string; signingSecret: string };
  signingSecret?: string;
  clock?: LocalClock;
  log: (functionName: string) => Log;
  /** Hears every domain event after it was published. */
  onEvent?: (event: BusEvent) => void;
};

export type Stack = {
  appUrl: string;
  awsUrl: string;
  /** Absent where a real Slack is used. */
  workspaceUrl?: string;
  dataFolder: string;
  slack: SlackSide;
  /** Resolves when no event waits for delivery. */
  idle(): Promise<void>;
  /** Runs a function by hand, as an operator would. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  stop(): Promise<void>;
};

const listen = (server: ReturnType<typeof createServer>, port: number): Promise<number> =>
  new Promise((resolvePort, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolvePort(typeof address === 'object' && address ? address.port : port);
    });
  });

/** Everything that production has, in this process. Ready when it resolves; throws a plain Error that says what to do. */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { log, clock = systemClock() } = options;
  const folder = openDataFolder(options.dataFolder);
  const policySource = policyFile(resolve(options.policyPath), log('stack'));
  const policy = await policySource.current();

  const db = folder.database('aws');
  const dynamoDb = createDynamoDb({
    accounts: policy.accounts.map(({ id }) => id),
    dataDir: join(folder.path, 'dynamodb'),
  });
  const bus = createEventBus({ db, clock, deliverTo: async (name, event) => void (await lambda.invoke(name, event)) });
  const trail = createCloudTrail({ db, clock, deliver: bus.put, hubAccountId });
  const { iam, sts } = createIdentity({
    db,
    clock,
    keys: keyRing(readMasterKey(join(folder.path, 'aws', 'master.key'))),
    serviceAssumed: (assumed) => trail.completed(serviceAssumedCall(assumed, clock.nowMs())),
  });
  const states = createStates({
    db: folder.database('states'),
    clock,
    region,
    invoke: (name, payload) => lambda.invoke(name, payload),
    publish: (event) => bus.put(event as unknown as BusEvent),
  });

  const endpoint = createEndpoint({
    services: {
      sts,
      iam,
      states: states.service,
      dynamodb: dynamoDb.service,
      events: bus.service,
      cloudtrail: trail.service,
    },
    iam,
    clock,
    completed: trail.completed,
  });
  const awsUrl = `http://127.0.0.1:${await endpoint.listen(options.awsPort)}`;

  const app = createServer((request, response) => void answer(request, response));
  const appUrl = `http://127.0.0.1:${await listen(app, options.port)}`;

  iam.seed({ ...worldOf(policy, functions), roles: [] });
  for (const config of functions) iam.replaceRole(functionRole(config));
  iam.seed(worldOf(policy, functions));
  writeProfiles(join(folder.path, 'aws'), {
    endpointUrl: awsUrl,
    region,
    users: policy.accounts.map(({ id, name }) => ({
      profile: `${name}-admin`,
      credentials: iam.credentialsOf(`arn:aws:iam::${id}:user/${name}-admin`),
    })),
  });
  await Promise.all([
    dynamoDb.createTables(hubAccountId, [{ TableName: 'daypass', ...table }]),
    dynamoDb
      .createTables('222222222222', [ordersTable])
      .then(() => dynamoDb.seedItem('222222222222', 'OrdersTable', sampleOrder)),
  ]);

  const slack = openWorkspace({
    ...(options.slack && { external: options.slack }),
    ...(options.signingSecret !== undefined && { signingSecret: options.signingSecret }),
    database: () => folder.database('workspace'),
    clock,
    appUrl,
    policy,
    below: belowOf({ states, recent: trail.recent, rolePolicy: iam.rolePolicy, policy: () => policy }),
  });
  const lambda = createLambda({
    functions,
    loaders: loaders(awsUrl),
    clock,
    log,
    aws: { endpoint: awsUrl, region },
    assume: (roleArn, sessionName) => sts.serviceSession(roleArn, sessionName, 'lambda.amazonaws.com'),
    environment: {
      DAYPASS_TABLE: 'daypass',
      DAYPASS_BUS: 'daypass',
      DAYPASS_POLICY: resolve(options.policyPath),
      DAYPASS_URL: appUrl,
      DAYPASS_HUB_ACCOUNT: hubAccountId,
      DAYPASS_ACCESS_REQUEST_ARN: arns['access-request-arn'],
      DAYPASS_ALERT_RESPONSE_ARN: arns['alert-response-arn'],
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
    },
  });
  const httpApi = createHttpApi({
    functions,
    clock,
    invoke: lambda.invoke,
    fallback: 'api',
    fault: (error) => log('http-api').error('A function behind the HTTP API failed.', { error: String(error) }),
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await slack.handle(request, response)) return;
    await httpApi(request, response);
  };

  const functionNames = Object.fromEntries(functions.map(({ name }) => [name, name]));
  for (const [name, definition] of Object.entries(stateMachines)) {
    states.deploy({ name, accountId: hubAccountId, definition: substitute(definition, functionNames) });
  }
  for (const { name, pattern, state, bus: eventBusName, target, retry } of rules) {
    const { maximumRetryAttempts, maximumEventAgeSec } = retry;
    const targets = [
      {
        id: target,
        functionName: target,
        retry: { maximumRetryAttempts, maximumEventAgeInSeconds: maximumEventAgeSec },
      },
    ];
    bus.putRule({ name, pattern, state, eventBusName, targets });
  }
  if (options.onEvent) bus.onPublished(options.onEvent);
  bus.onPublished(() => slack.nudge());

  states.resume();
  bus.resume();
  const schedule = createSchedule({ functions, clock, log: log('schedule'), invoke: lambda.invoke });
  schedule.start();

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await schedule.stop();
    slack.close();
    await new Promise<void>((closed) => {
      app.close(() => closed());
      app.closeAllConnections();
    });
    await states.stop();
    await bus.stop();
    await endpoint.close();
    await dynamoDb.stop();
    clock.stop();
    folder.close();
  };
  return {
    appUrl,
    awsUrl,
    ...(slack.pageUrl !== undefined && { workspaceUrl: slack.pageUrl }),
    dataFolder: folder.path,
    slack,
    idle: bus.idle,
    invoke: lambda.invoke,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
};
