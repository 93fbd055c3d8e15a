import type { DatabaseSync } from 'node:sqlite';
import { cut } from '#core/clip.ts';
import type { LocalClock } from '../../clock.ts';
import type { BusEvent } from './bus-event.ts';
import { createDeliveryStore, type DeadLetter, type Delivery } from './delivery-store.ts';
import { createLanes } from './lanes.ts';
import type { BusTarget, FunctionTarget } from './rules.ts';

export type Deliveries = {
  /** Writes one delivery within the caller's transaction; nothing runs before `wake`. */
  add(event: BusEvent, rule: string, target: FunctionTarget): void;
  /** Writes a dead letter within the caller's transaction: what is not permitted is not tried again. */
  refuse(event: BusEvent, rule: string, target: BusTarget, reason: string): void;
  /** Starts what was added and committed. */
  wake(): void;
  /** Takes up what an earlier process left undelivered. */
  resume(): void;
  /** Newest first, 100 unless told. */
  deadLetters(limit?: number): DeadLetter[];
  /** Resolves once nothing is pending, waiting for a retry or running. */
  idle(): Promise<void>;
  /** Starts nothing more and resolves once the running handlers have ended; the rest stays for `resume`. */
  stop(): Promise<void>;
};

/** Of each function. */
const concurrency = 16;
const firstBackoffMs = 1_000;
const longestBackoffMs = 300_000;
const longestError = 1_024;
/** So many may wait for their next try before they come less often, and each beyond them makes room for itself. */
const crowd = { from: 20, msForEach: 500 };

/**
 * AWS documents exponential back-off with jitter and no figures; ours doubles from 1 s to 5 min, less up to a half.
 * "If the queue contains many entries, Lambda increases the retry interval":
 * docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const backoffMs = (attempts: number, waiting: number, random: () => number): number => {
  const crowdedMs = Math.max(0, waiting - crowd.from) * crowd.msForEach;
  const wishedMs = Math.max(crowdedMs, firstBackoffMs * 2 ** (attempts - 1));
  return Math.round(Math.min(longestBackoffMs, wishedMs) * (1 - random() / 2));
};

const textOf = (error: unknown): string =>
  cut(error instanceof Error ? `${error.name}: ${error.message}` : String(error), longestError);

/**
 * Durable deliveries, at least once and in no order. One stays written until the target succeeded or the retries are
 * used up, so a process that dies in the middle delivers again.
 */
export const createDeliveries = (deps: {
  db: DatabaseSync;
  clock: LocalClock;
  deliverTo: (functionName: string, event: BusEvent) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
}): Deliveries => {
  const { clock } = deps;
  const store = createDeliveryStore(deps.db);
  const waiting = new Map<number, () => void>();
  let whenQuiet: (() => void)[] = [];
  let woken = false;
  let stopped = false;

  const tellIfQuiet = (): void => {
    if (lanes.isRunning() || (!stopped && !lanes.isEmpty())) return;
    const tell = whenQuiet;
    whenQuiet = [];
    for (const done of tell) done();
  };
  const quiet = (): Promise<void> =>
    new Promise((done) => {
      whenQuiet.push(done);
      tellIfQuiet();
    });

  const schedule = ({ id, functionName }: { id: number; functionName: string }, atMs: number): void => {
    if (atMs <= clock.nowMs()) {
      lanes.add(functionName, id);
      return;
    }
    const cancel = clock.at(atMs, () => {
      waiting.delete(id);
      lanes.wait(functionName, -1);
      lanes.add(functionName, id);
      lanes.pump();
    });
    waiting.set(id, cancel);
    lanes.wait(functionName, 1);
  };

  const failed = (delivery: Delivery, error: unknown): void => {
    const { id, retries, maxAgeMs, firstAtMs } = delivery;
    const attempts = delivery.attempts + 1;
    const nowMs = clock.nowMs();
    const nextAtMs = nowMs + backoffMs(attempts, lanes.waitingIn(delivery.functionName), deps.random);
    if (attempts <= retries && nextAtMs - firstAtMs <= maxAgeMs) {
      store.postpone(id, attempts, nextAtMs);
      if (!stopped) schedule(delivery, nextAtMs);
      return;
    }
    const exhausted = attempts > retries ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds';
    store.bury(id, { attempts, exhausted, lastError: textOf(error), diedAtMs: nowMs });
  };

  const deliver = async (id: number): Promise<void> => {
    const delivery = store.read(id);
    if (!delivery) return;
    try {
      await deps.deliverTo(delivery.functionName, delivery.event);
    } catch (error) {
      failed(delivery, error);
      return;
    }
    store.remove(id);
  };

  const lanes = createLanes({
    mostAtOnce: concurrency,
    run: deliver,
    isStopped: () => stopped,
    rested: tellIfQuiet,
  });

  /** Later in this turn of the event loop, so that whoever published can answer first. */
  const wake = (): void => {
    if (woken) return;
    woken = true;
    setImmediate(() => {
      woken = false;
      lanes.pump();
    });
  };

  return {
    add: (event, rule, target) => {
      lanes.add(target.functionName, store.add(JSON.stringify(event), rule, target, clock.nowMs()));
    },
    refuse: (event, rule, { id: targetId, eventBusArn: destination }, lastError) => {
      const diedAtMs = clock.nowMs();
      store.addDead({
        rule,
        targetId,
        destination,
        event,
        attempts: 1,
        exhausted: 'NoPermissions',
        lastError,
        diedAtMs,
      });
    },
    wake,
    resume: () => {
      const known = new Set([...lanes.ids(), ...waiting.keys()]);
      for (const left of store.left()) if (!known.has(left.id)) schedule(left, left.nextAtMs);
      wake();
    },
    deadLetters: (limit = 100) => store.dead(limit),
    idle: quiet,
    stop: () => {
      stopped = true;
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
      return quiet().then(store.flush);
    },
  };
};
