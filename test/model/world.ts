import { isDaypassError } from '#core/errors.ts';
import type { Policy } from '#core/policy/policy.ts';
import { functions } from '#functions/registry.ts';
import type { Ids } from '#ports/ids.ts';
import { memoryAlerts } from '#test/kit/stores/alerts.ts';
import { memoryCanaries } from '#test/kit/stores/canaries.ts';
import { memoryChains } from '#test/kit/stores/chains.ts';
import { memoryLedgers } from '#test/kit/stores/ledgers.ts';
import { memoryLockdowns } from '#test/kit/stores/lockdowns.ts';
import { noLogins } from '#test/kit/stores/logins.ts';
import { emptyMemory, type Memory } from '#test/kit/stores/memory.ts';
import { memoryOutbox } from '#test/kit/stores/outbox.ts';
import { memoryRequests } from '#test/kit/stores/requests.ts';
import { memorySeenRoles } from '#test/kit/stores/seen-roles.ts';
import { memorySessions } from '#test/kit/stores/sessions.ts';
import { memoryTaskTokens } from '#test/kit/stores/task-tokens.ts';
import { type Actor, createActor, createParkingLot, type Plan, type Stage } from './actor.ts';
import type { Bug } from './bugs/bug.ts';
import { type Bus, createBus } from './bus.ts';
import { type ModelClock, modelClock } from './clock.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { type UseCases, useCases } from './does.ts';
import { createExecutions, type Executions } from './executions.ts';
import { instrumented, type ModelPorts } from './instrument.ts';
import { broken } from './invariants/registry.ts';
import { observe, observeEnd } from './observe.ts';
import { nothingObserved, type Observed } from './observed.ts';
import { chainRoles, modelPolicy } from './policy.ts';
import { deploy } from './states/machines.ts';
import { type Deployed, type MemoryStore, memoryStore } from './states/memory-store.ts';
import { createTrail, type Trail } from './trail.ts';

/** The accounts and the machines, which cost too much to build for every run. `freshWorld` sets them back. */
export type Ground = { clock: ModelClock; policy: Policy; cloud: Cloud; deployed: Deployed };

/**
 * The role with so little room that a third revocation does not fit into its deny policy. So has the one at which
 * chains end.
 */
export const tightRole = 'arn:aws:iam::222222222222:role/daypass-jit-orders-read';

export const createGround = async (): Promise<Ground> => {
  const clock = modelClock();
  const policy = modelPolicy();
  const cloud = createCloud(policy, clock);
  for (const roleArn of [tightRole, chainRoles.third]) await cloud.leaveRoom(roleArn, 300);
  await cloud.letAdminIn(chainRoles.first);
  return { clock, policy, cloud, deployed: deploy(clock) };
};

export type World = Ground & {
  memory: Memory;
  bus: Bus;
  trail: Trail;
  executions: Executions;
  observed: Observed;
  does: UseCases;
  lot: ReturnType<typeof createParkingLot>;
  actors: Actor[];
  /** Ports that are out of order for everybody, and roles that nobody reaches, by ARN. */
  outOfOrder: Set<string>;
  /** Ids of the requests, in the order in which they were asked for. */
  asked: string[];
  /** The first invariant that did not hold, with what broke it. */
  violation(): Error | undefined;
  /** Looks at all invariants now. */
  look(): void;
  newId(): string;
  /** Starts a process: an invocation of `functionName` that runs `use`. It waits at its first port call. */
  start(functionName: string, what: string, plan: Plan, use: (ports: ModelPorts) => Promise<unknown>): Actor;
};

const timeoutOf = (functionName: string): number => {
  const config = functions.find(({ name }) => name === functionName);
  if (!config) throw new Error(`There is no function ${functionName}.`);
  return config.timeoutSec;
};

/** Ids in the order in which they are made, in the form of a ULID. */
const countedIds = (): Ids => {
  let count = 0;
  return {
    ulid: () => `01JD8QM${String(++count).padStart(19, '0')}`,
    secret: (bytes) => `secret-${++count}`.padEnd(bytes, 'x'),
  };
};

/** Every call that changes something that an invariant is about. */
const changes = new Set(['save', 'writeDeny', 'assumeRole', 'publish', 'publishLeftovers', 'acquire', 'record']);

export type WorldOptions = {
  stage?: Stage;
  bug?: Bug;
  /** Where Step Functions keeps its rows. */
  rows?: (deployed: Deployed) => MemoryStore;
  /** What a pause does; without it the clock goes on for so long. */
  waited?: (ms: number) => void;
  /** Is told what each port call answered, also where that is an error. */
  answered?: (actor: Actor, call: string, result: unknown) => void;
};

/** A world in which nothing has happened yet. `stage` decides who is next; without one every actor waits in `lot`. */
export const freshWorld = (ground: Ground, options: WorldOptions = {}): World => {
  const { clock, policy, cloud } = ground;
  const deployed = options.bug?.machines ? deploy(clock, options.bug.machines) : ground.deployed;
  clock.reset();
  cloud.reset();
  const memory = emptyMemory();
  const observed = nothingObserved();
  const bus = createBus();
  const executions = createExecutions(clock, (options.rows ?? memoryStore)(deployed), {
    stopped: bus.executionStopped,
    ended: (end) => observeEnd(world, end),
  });
  const lot = createParkingLot();
  const ids = countedIds();
  let violation: Error | undefined;
  const log = (message: string, facts?: Readonly<Record<string, unknown>>): void =>
    void observed.logged.push(`${message} ${JSON.stringify(facts ?? {})}`);

  const portsOf = (functionName: string): ModelPorts => ({
    clock,
    pause: async () => {},
    ids,
    log: { info: log, warn: log, error: log },
    metrics: { record: () => {} },
    policy: { current: async () => policy },
    requests: memoryRequests(memory),
    sessions: memorySessions(memory),
    outbox: memoryOutbox(memory, bus.put),
    ledgers: memoryLedgers(memory, clock),
    seenRoles: memorySeenRoles(memory),
    canaries: memoryCanaries(memory),
    targetRoles: cloud.targetRoles(functionName),
    tokenService: cloud.tokenService,
    workflows: executions.workflows,
    taskTokens: memoryTaskTokens(memory),
    // That people answer alerts is not part of the model, so none is open for the sweeper.
    alerts: { ...memoryAlerts(memory), open: async () => [] },
    chains: memoryChains(memory),
    lockdowns: memoryLockdowns(memory),
    logins: noLogins(),
  });

  const world: World = {
    ...ground,
    memory,
    bus,
    trail: createTrail(),
    executions,
    observed,
    lot,
    does: { ...useCases, ...options.bug?.does },
    actors: [],
    outOfOrder: new Set(),
    asked: [],
    violation: () => violation,
    look: () => {
      const what = violation ? undefined : broken(world);
      if (what) violation = new Error(what);
    },
    newId: ids.ulid,
    start: (functionName, what, plan, use) => {
      const actor = createActor(what, timeoutOf(functionName), clock, plan);
      const instrumentedPorts = instrumented(portsOf(functionName), actor, {
        stage: options.stage ?? lot,
        clock,
        waited: options.waited ?? clock.turn,
        outOfOrder: world.outOfOrder,
        happened: (by, port, method, args, result) => {
          observe(world, by, port, method, args, result);
          options.answered?.(by, `${port}.${method}`, result);
          if (changes.has(method)) world.look();
        },
        failed: (by, port, method, error) => options.answered?.(by, `${port}.${method}`, String(error)),
      });
      const ports = options.bug?.ports?.(instrumentedPorts, actor) ?? instrumentedPorts;
      world.actors.push(actor);
      observed.beganAt.set(actor, observed.step);
      use(ports).then(
        (value) => {
          if (actor.outcome === 'running') actor.value = value;
          actor.end('done');
        },
        (error: unknown) => {
          actor.error = error;
          if (!isDaypassError(error)) violation ??= new Error(`${what} broke down.`, { cause: error });
          actor.end('failed');
        },
      );
      return actor;
    },
  };
  return world;
};
