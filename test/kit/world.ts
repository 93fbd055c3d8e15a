import { randomIds } from '#adapters/ids.ts';
import { DaypassError } from '#core/errors.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { DomainEvent } from '#events/events.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';
import type { Metric } from '#ports/metrics.ts';
import type { Ports } from '#ports/ports.ts';
import type { AssumeOrder } from '#ports/token-service.ts';
import { samplePolicy } from './policy.ts';
import { emptyMemory, type Memory } from './stores/memory.ts';
import { memoryStores, type Stores } from './stores/memory-stores.ts';
import { unused } from './unused.ts';

/** For a port: some of its members in another way. A member that the port does not have does not compile. */
type Changes = { [K in keyof Ports]?: Partial<Ports[K]> };

/** The ports with some members in another way. */
export const withPorts = <P extends Ports>(ports: P, changes: Changes): P => {
  const changed = Object.entries(changes).map(([name, members]) => [
    name,
    { ...ports[name as keyof Ports], ...members },
  ]);
  return { ...ports, ...Object.fromEntries(changed) } as P;
};

export type World = {
  ports: Ports;
  clock: TurnableClock;
  /** What the stores in memory hold; empty where they are others. */
  memory: Memory;
  /** The policy in force; a test may put another one there. */
  govern(policy: Policy): void;
  /** What was published, oldest first. */
  published: DomainEvent[];
  /** Everything that was logged, as one text. */
  logged(): string;
  figures: [Metric, number][];
  /** What STS was asked for. */
  orders: AssumeOrder[];
  /** Role → the deny policy that stands on it. */
  denies: Map<string, string>;
  /** The roles whose deny was written, in this order. */
  writes: string[];
  /** Roles that nobody reaches, by ARN. */
  unreachable: Set<string>;
  /** What Step Functions was told: `start`, `succeed` and `fail`, with whom it was about. */
  workflow: string[];
  /** Execution → how it stands. What was started runs. */
  executions: Map<string, 'running' | 'ended'>;
};

type Options = {
  policy?: Policy;
  clock?: TurnableClock;
  /** The stores, where they are not in memory. */
  stores?: (clock: TurnableClock, put: (event: DomainEvent) => void) => Stores;
};

/**
 * Every port that Daypass has, for use cases between them: stores that refuse what the database refuses
 * (`test/contract/stores.test.ts`), roles that keep their deny, STS and Step Functions as far as use cases ask them.
 */
export const openWorld = ({ policy = samplePolicy(), clock = turnableClock(), stores }: Options = {}): World => {
  const memory = emptyMemory();
  let inForce = policy;
  const lines: string[] = [];
  const note = (message: string, facts?: object): void => void lines.push(JSON.stringify({ message, facts }));
  const world: Omit<World, 'ports'> = {
    clock,
    memory,
    govern: (next) => {
      inForce = next;
    },
    published: [],
    logged: () => lines.join('\n'),
    figures: [],
    orders: [],
    denies: new Map(),
    writes: [],
    unreachable: new Set(),
    workflow: [],
    executions: new Map(),
  };
  const put = (event: DomainEvent): void => void world.published.push(event);
  const reach = (roleArn: string): void => {
    if (world.unreachable.has(roleArn)) throw new DaypassError('RoleUnavailable', `${roleArn} cannot be reached.`);
  };
  const ports: Ports = {
    clock,
    pause: async () => {},
    ids: randomIds(clock),
    log: { info: note, warn: note, error: note },
    metrics: { record: (metric, value) => void world.figures.push([metric, value]) },
    policy: { current: async () => inForce },
    ...(stores ? stores(clock, put) : memoryStores(clock, put, memory)),
    targetRoles: {
      readDeny: async (roleArn) => {
        reach(roleArn);
        return world.denies.get(roleArn);
      },
      writeDeny: async (roleArn, document) => {
        reach(roleArn);
        world.writes.push(roleArn);
        world.denies.set(roleArn, document);
        return 'written';
      },
      look: async () => 'absent',
      otherPolicies: async () => 0,
    },
    tokenService: {
      assumeRole: async (order) => {
        world.orders.push(order);
        const expiresAt = new Date(clock.nowMs() + order.durationSec * 1000).toISOString();
        return { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'never kept', sessionToken: 'never kept', expiresAt };
      },
    },
    workflows: {
      start: async (machine, name) => {
        world.workflow.push(`start ${machine} ${name}`);
        world.executions.set(name, 'running');
      },
      succeed: async (taskToken) => {
        world.workflow.push(`succeed ${taskToken}`);
        return 'resumed';
      },
      fail: async (taskToken, error) => {
        world.workflow.push(`fail ${taskToken} ${error}`);
        return 'resumed';
      },
      status: async (_machine, name) => world.executions.get(name) ?? 'absent',
    },
    secrets: unused('secrets'),
  };
  return { ...world, ports };
};
