import { DaypassError, type ErrorName } from '#core/errors.ts';
import type { Ports } from '#ports/ports.ts';
import { type Actor, type Fault, never, type Stage, settled } from './actor.ts';
import type { ModelClock } from './clock.ts';

/** The ports that the use cases of the model need. */
export type ModelPorts = Pick<
  Ports,
  | 'clock'
  | 'pause'
  | 'ids'
  | 'log'
  | 'metrics'
  | 'policy'
  | 'requests'
  | 'sessions'
  | 'outbox'
  | 'chains'
  | 'logins'
  | 'ledgers'
  | 'seenRoles'
  | 'canaries'
  | 'targetRoles'
  | 'tokenService'
  | 'workflows'
  | 'taskTokens'
  | 'alerts'
  | 'lockdowns'
>;

type Outside =
  | 'requests'
  | 'sessions'
  | 'outbox'
  | 'chains'
  | 'ledgers'
  | 'seenRoles'
  | 'canaries'
  | 'lockdowns'
  | 'targetRoles'
  | 'tokenService'
  | 'workflows'
  | 'taskTokens'
  | 'alerts';

/** How each port says that it cannot be reached. */
const unreachable: Readonly<Record<Outside, ErrorName>> = {
  requests: 'StoreUnavailable',
  sessions: 'StoreUnavailable',
  outbox: 'StoreUnavailable',
  alerts: 'StoreUnavailable',
  chains: 'StoreUnavailable',
  ledgers: 'StoreUnavailable',
  seenRoles: 'StoreUnavailable',
  canaries: 'StoreUnavailable',
  lockdowns: 'StoreUnavailable',
  taskTokens: 'StoreUnavailable',
  targetRoles: 'RoleUnavailable',
  tokenService: 'CredentialsUnavailable',
  workflows: 'WorkflowUnavailable',
};

type Method = (...args: unknown[]) => Promise<unknown>;

export type Surroundings = {
  stage: Stage;
  clock: ModelClock;
  /** Is told of every port call that had an effect. */
  happened(actor: Actor, port: string, method: string, args: readonly unknown[], result: unknown): void;
  failed(actor: Actor, port: string, method: string, error: unknown): void;
  /** Somebody has waited so long for somebody else. */
  waited(ms: number): void;
  /** Ports that are out of order for everybody, and roles that nobody reaches, by ARN. */
  outOfOrder: ReadonlySet<string>;
};

/**
 * The ports as one actor has them: each call is a step, may meet a fault, and is the last one of a process that dies.
 */
export const instrumented = (ports: ModelPorts, actor: Actor, around: Surroundings): ModelPorts => {
  const isOver = (): boolean => {
    if (actor.outcome === 'running' && around.clock.nowMs() >= actor.deadlineMs) actor.end('dead');
    return actor.outcome === 'dead';
  };
  const die = (): Promise<never> => {
    actor.end('dead');
    return never();
  };

  /** What one process does at the same time waits at the same time: whoever wakes first is first to turn the clock. */
  const pausing = new Set<{ untilMs: number }>();
  const isNextToWake = async (untilMs: number): Promise<void> => {
    const pause = { untilMs };
    pausing.add(pause);
    do await settled();
    while ([...pausing].some((other) => other.untilMs < untilMs));
    pausing.delete(pause);
  };

  const wrap =
    (port: Outside, method: string, run: Method): Method =>
    async (...args) => {
      if (isOver()) return never();
      await around.stage.pass(actor, `${actor.name}: ${port}.${method}`);
      if (isOver()) return never();
      actor.calls++;
      const planned = actor.plan[actor.calls] ?? actor.plan[`${port}.${method}`];
      const isOut = around.outOfOrder.has(port) || (port === 'targetRoles' && around.outOfOrder.has(String(args[0])));
      const fault: Fault | undefined = isOut ? 'refused' : planned;
      const lost = () => new DaypassError(unreachable[port], `${port}.${method} met ${fault}.`);
      if (fault === 'crash-before') return die();
      const quiet = port === 'outbox' && method === 'publish';
      if (fault === 'refused') {
        if (quiet) return undefined;
        throw lost();
      }
      if (fault === 'ignored' && method === 'writeDeny') return 'written';
      const result = await run(...args).catch((error: unknown) => {
        around.failed(actor, port, method, error);
        throw error;
      });
      around.happened(actor, port, method, args, result);
      if (fault === 'crash-after') return die();
      if (fault === 'unheard' && !quiet) throw lost();
      if (fault === 'conflict' && method === 'save') throw new DaypassError('VersionConflict', lost().message);
      return result;
    };

  const steps = <P extends Outside>(name: P): ModelPorts[P] =>
    Object.fromEntries(
      Object.entries(ports[name]).map(([method, run]) => [method, wrap(name, method, run as Method)]),
    ) as unknown as ModelPorts[P];

  return {
    ...ports,
    pause: async (ms) => {
      if (isOver()) return never();
      const untilMs = around.clock.nowMs() + ms;
      await around.stage.pass(actor, `${actor.name}: pause`);
      if (actor.free) await isNextToWake(untilMs);
      if (isOver()) return never();
      around.waited(Math.max(0, untilMs - around.clock.nowMs()));
    },
    requests: steps('requests'),
    sessions: steps('sessions'),
    outbox: steps('outbox'),
    alerts: steps('alerts'),
    chains: steps('chains'),
    ledgers: steps('ledgers'),
    seenRoles: steps('seenRoles'),
    canaries: steps('canaries'),
    lockdowns: steps('lockdowns'),
    targetRoles: steps('targetRoles'),
    tokenService: steps('tokenService'),
    workflows: steps('workflows'),
    taskTokens: steps('taskTokens'),
  };
};
