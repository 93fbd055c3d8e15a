import { join } from 'node:path';
import { userArnOf } from '#core/aws-arn.ts';
import type { Policy } from '#core/policy/policy.ts';
import { rules } from '#events/rules/registry.ts';
import { functions } from '#functions/registry.ts';
import { table } from '#functions/table.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';
import { type CloudTrail, createCloudTrail } from './aws/cloudtrail/trail.ts';
import { createDynamoDb, type EmbeddedDynamoDb } from './aws/dynamodb/dynamodb.ts';
import { createEndpoint } from './aws/endpoint.ts';
import { createEventBus, type EventBus } from './aws/events/bus.ts';
import type { BusEvent } from './aws/events/bus-event.ts';
import { createIdentity, type Iam } from './aws/iam/identity.ts';
import { keyRing, readMasterKey } from './aws/iam/keys.ts';
import { writeProfiles } from './aws/iam/profiles.ts';
import type { Seed } from './aws/iam/seed.ts';
import { ssmService } from './aws/ssm/service.ts';
import type { Sts } from './aws/sts/service.ts';
import type { LocalClock } from './clock.ts';
import type { DataFolder } from './data-folder.ts';
import { onboard } from './onboarded.ts';
import { serviceAssumedCall } from './service-assumed.ts';
import { createStates, type States } from './states/states.ts';
import { functionRole, hubAccountId, ordersTable, region, sampleOrder, worldOf } from './world.ts';

/** The AWS of this process: every engine, behind one endpoint. */
export type AwsSide = {
  url: string;
  iam: Iam;
  sts: Sts;
  bus: EventBus;
  trail: CloudTrail;
  states: States;
  /** Puts in place what a changed policy names, as its owners would onboard it. Nothing for a node: its AWS is real. */
  onboard(policy: Policy): void;
  /** Goes on with what an earlier process left: executions that run, events that were not delivered. */
  resume(): void;
  stop(): Promise<void>;
};

/**
 * Opens it with the accounts, roles and tables of the policy. `invoke` runs a function; it is not called before
 * `resume`.
 */
export const openAwsSide = async (deps: {
  folder: DataFolder;
  port: number;
  clock: LocalClock;
  policy: Policy;
  invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /**
   * Set for a node that lends real access: only the hub's engines are there, nobody has a key to them, and what they do
   * is no CloudTrail event.
   */
  sealed?: { closedDatabase: boolean };
  /** The value of a secret of the hub. */
  secret: (parameterName: string) => string | undefined;
}): Promise<AwsSide> => {
  const { folder, clock, invoke, sealed } = deps;
  const policy = sealed ? onlyHub(deps.policy) : deps.policy;
  const db = folder.database('aws');
  const dynamoDb = createDynamoDb({
    accounts: policy.accounts.map(({ id }) => id),
    dataDir: join(folder.path, 'dynamodb'),
    ...(sealed?.closedDatabase && { closed: true }),
  });
  const bus = createEventBus({
    db,
    clock,
    deliverTo: async (name, event) => void (await invoke(name, event)),
    mayForward: ({ roleArn, ruleArn, eventBusArn, context }) =>
      iam.serviceMay({
        service: 'events.amazonaws.com',
        roleArn,
        sourceArn: ruleArn,
        action: 'events:PutEvents',
        resource: eventBusArn,
        context,
      }),
  });
  const trail = createCloudTrail({ db, clock, deliver: bus.put, hubAccountId });
  const completed = sealed ? () => undefined : trail.completed;
  const { iam, sts } = createIdentity({
    db,
    clock,
    keys: keyRing(readMasterKey(join(folder.path, 'aws', 'master.key'))),
    serviceAssumed: (assumed) => completed(serviceAssumedCall(assumed, clock.nowMs())),
  });
  const states = createStates({
    db: folder.database('states'),
    clock,
    region,
    invoke,
    publish: (event) => bus.put(event satisfies BusEvent),
  });
  const endpoint = createEndpoint({
    services: {
      sts,
      iam,
      states: states.service,
      dynamodb: dynamoDb.service,
      events: bus.service,
      cloudtrail: trail.service,
      ssm: ssmService(hubAccountId, deps.secret),
    },
    iam,
    clock,
    completed,
  });
  const url = `http://127.0.0.1:${await endpoint.listen(deps.port)}`;

  const profilesOf = (known: Policy): void =>
    writeProfiles(join(folder.path, 'aws'), { endpointUrl: url, region, users: administrators(iam, known) });
  seedIdentities(iam, sealed ? { ...worldOf(policy), users: [] } : worldOf(policy));
  if (!sealed) profilesOf(policy);
  await createTables(dynamoDb, policy);
  deployMachines(states);
  putRules(bus);
  onboard(policy, { iam, bus });

  return {
    url,
    iam,
    sts,
    bus,
    trail,
    states,
    onboard: (changed) => {
      if (sealed) return;
      dynamoDb.admit(changed.accounts.map(({ id }) => id));
      iam.seed(worldOf(changed));
      profilesOf(changed);
      onboard(changed, { iam, bus });
    },
    resume: () => {
      states.resume();
      bus.resume();
    },
    stop: async () => {
      await states.stop();
      await bus.stop();
      await endpoint.close();
      await dynamoDb.stop();
      trail.flush();
    },
  };
};

/** The engines of a node are all in the hub, whatever accounts its policy is about. */
const onlyHub = (policy: Policy): Policy => ({
  ...policy,
  accounts: [{ id: hubAccountId, name: 'hub' }],
  entitlements: [],
});

/** The hub's function roles follow the code; accounts and users are only added. */
const seedIdentities = (iam: Iam, world: Seed): void => {
  iam.seed(world);
  for (const config of functions) iam.replaceRole(functionRole(config));
};

const administrators = (iam: Iam, { accounts }: Policy) =>
  accounts.map(({ id, name }) => {
    const profile = `${name}-admin`;
    return { profile, credentials: iam.credentialsOf(userArnOf(id, profile)) };
  });

const createTables = async (dynamoDb: EmbeddedDynamoDb, { accounts }: Policy): Promise<void> => {
  const daypass = dynamoDb.createTables(hubAccountId, [{ TableName: 'daypass', ...table }]);
  const production = accounts.find(({ name }) => name === 'production');
  if (production) {
    await dynamoDb.createTables(production.id, [ordersTable]);
    await dynamoDb.seedItem(production.id, ordersTable.TableName, sampleOrder);
  }
  await daypass;
};

const deployMachines = (states: States): void => {
  const functionNames = Object.fromEntries(functions.map(({ name }) => [name, name]));
  for (const [name, definition] of Object.entries(stateMachines)) {
    states.deploy({ name, accountId: hubAccountId, definition: substitute(definition, functionNames) });
  }
};

const putRules = (bus: EventBus): void => {
  for (const { name, pattern, state, bus: eventBusName, target, retry } of rules) {
    const { maximumRetryAttempts, maximumEventAgeSec: maximumEventAgeInSeconds } = retry;
    const targets = [{ id: target, functionName: target, retry: { maximumRetryAttempts, maximumEventAgeInSeconds } }];
    bus.putRule({ accountId: hubAccountId, name, pattern, state, eventBusName, targets });
  }
};
