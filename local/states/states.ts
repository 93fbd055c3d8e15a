import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { toIso } from '#core/instant.ts';
import type { AwsService } from '#local/aws/service.ts';
import type { LocalClock } from '#local/clock.ts';
import { statesService } from './api.ts';
import { checkedDefinition } from './check.ts';
import { createEngine } from './engine.ts';
import { type Entropy, systemEntropy } from './entropy.ts';
import type { Invoke } from './invoker.ts';
import type { Publish } from './outbox.ts';
import type { ExecutionStatus } from './rows.ts';
import { openStore, type Store } from './store.ts';

export type StatesOptions = {
  /** Opened by the caller, who also closes it, after `stop`. Absent tables are created (all named `states_…`). */
  db: DatabaseSync;
  clock: LocalClock;
  region: string;
  invoke: Invoke;
  /**
   * Gets each *Execution Status Change* at least once, in order. While it rejects, the event is kept and tried again.
   */
  publish: Publish;
  entropy?: Entropy;
};

/** The same on rows that somebody else keeps. */
export type StatesOnOptions = Omit<StatesOptions, 'db'> & { store: Store };

/** An execution as a page lists it. Instants are ISO 8601 UTC. */
export type ExecutionSummary = {
  arn: string;
  name: string;
  machine: string;
  status: ExecutionStatus;
  startedAt: string;
  stoppedAt?: string;
  /** The state it is in, while it runs. */
  state?: string;
  /** The states entered, in order; retries enter nothing. */
  statesEntered: readonly { name: string; enteredAt: string }[];
};

export type States = {
  service: AwsService;
  /**
   * Registers a machine or gives it a new definition; running executions keep the one they started with. Throws an
   * Error that lists everything the definition uses and the interpreter does not have.
   */
  deploy(machine: { name: string; accountId: string; definition: object }): void;
  /** Goes on with everything that was running when the last process ended. Call it once, after the deploys. */
  resume(): void;
  /** Starts nothing more and waits (at most 5 s) for functions that run. Whatever is open goes on at the next start. */
  stop(): Promise<void>;
  /** Newest first. */
  executions(most?: number): readonly ExecutionSummary[];
};

/** The embedded Step Functions: an interpreter of JSONata state machines, as durable as its store, and its API. */
export const statesOn = ({
  store,
  clock,
  region,
  invoke,
  publish,
  entropy = systemEntropy,
}: StatesOnOptions): States => {
  const engine = createEngine({ store, clock, invoke, publish, entropy });
  return {
    service: statesService(store, engine, () => clock.nowMs(), entropy),
    deploy: ({ name, accountId, definition }) => {
      const body = JSON.stringify(checkedDefinition(name, definition));
      const digest = createHash('sha256').update(body).digest('hex');
      store.transaction(() => {
        store.saveDefinition(digest, body);
        store.saveMachine(
          `arn:aws:states:${region}:${accountId}:stateMachine:${name}`,
          name,
          accountId,
          digest,
          clock.nowMs(),
        );
      });
    },
    resume: engine.resume,
    stop: engine.stop,
    executions: (most = 100) =>
      store.newestExecutions(most).map((execution) => {
        const { seq, arn, name, machine, status, startedMs, stoppedMs } = execution;
        const state = store.rootThread(seq)?.state;
        return {
          arn,
          name,
          machine: machine.split(':').at(-1) ?? machine,
          status,
          startedAt: toIso(startedMs),
          ...(stoppedMs === null ? {} : { stoppedAt: toIso(stoppedMs) }),
          ...(state === undefined ? {} : { state }),
          statesEntered: store.statesEntered(seq).map(({ name, atMs }) => ({ name, enteredAt: toIso(atMs) })),
        };
      }),
  };
};

export const createStates = ({ db, ...rest }: StatesOptions): States => statesOn({ store: openStore(db), ...rest });
