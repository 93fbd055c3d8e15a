import type { ModelClock } from './clock.ts';

/**
 * What goes wrong at one port call. `crash…`: the process dies before the effect, or after it and before the answer.
 * `refused`: throttled or out of order, nothing happened. `unheard`: it happened and the answer was lost. `conflict`:
 * the same, and the SDK tried again by itself, which the condition of the write refused. `ignored`: the answer says
 * that it happened and it did not.
 */
export const faults = ['crash-before', 'crash-after', 'refused', 'unheard', 'conflict', 'ignored'] as const;
export type Fault = (typeof faults)[number];

/** Which port call meets which fault: the nth (from 1), or every one of a method, as `targetRoles.writeDeny`. */
export type Plan = Readonly<Record<number | string, Fault>>;

export type Outcome = 'running' | 'done' | 'failed' | 'dead';

/** One process at work: a function's invocation. */
export type Actor = {
  name: string;
  /** When Lambda kills it. */
  deadlineMs: number;
  plan: Plan;
  /** How many port calls it has made. */
  calls: number;
  outcome: Outcome;
  value?: unknown;
  error?: unknown;
  /** Nothing stops it at its port calls. */
  free: boolean;
  /** Settles when it is no longer running; never rejects. */
  ended: Promise<void>;
  end(outcome: Exclude<Outcome, 'running'>): void;
};

/** A port call that waits for its turn. */
export type Parked = { actor: Actor; label: string; go(): void };

/** Decides when a port call of an actor has its turn. */
export type Stage = { pass(actor: Actor, label: string): Promise<void> };

/** A dead process neither answers nor fails: whoever waited for it inside is gone as well. */
export const never = (): Promise<never> => new Promise(() => {});

export const createActor = (name: string, timeoutSec: number, clock: ModelClock, plan: Plan): Actor => {
  let tell = (): void => {};
  const ended = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const actor: Actor = {
    name,
    deadlineMs: clock.nowMs() + timeoutSec * 1000,
    plan,
    calls: 0,
    outcome: 'running',
    free: false,
    ended,
    end: (outcome) => {
      if (actor.outcome !== 'running') return;
      actor.outcome = outcome;
      tell();
    },
  };
  return actor;
};

/** Everything that is in memory has been done when this returns: nothing in the model waits for the outside. */
export const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Port calls wait here until they are let go, one by one. */
export const createParkingLot = () => {
  let parked: Parked[] = [];
  const of = (actor: Actor): Parked[] => parked.filter((each) => each.actor === actor);
  const drop = (gone: readonly Parked[]): void => {
    parked = parked.filter((each) => !gone.includes(each));
  };
  const letGo = (each: Parked): void => {
    drop([each]);
    each.go();
  };
  return {
    parked: (): readonly Parked[] => parked,
    pass: (actor: Actor, label: string): Promise<void> =>
      actor.free ? Promise.resolve() : new Promise((go) => void parked.push({ actor, label, go })),
    /** One port call happens, with everything up to the actor's next one. */
    step: async (each: Parked): Promise<void> => {
      letGo(each);
      await settled();
    },
    /** The actor goes on to its end, and nobody else does meanwhile. */
    toEnd: async (actor: Actor): Promise<void> => {
      actor.free = true;
      for (const each of of(actor)) letGo(each);
      await actor.ended;
    },
    kill: (actor: Actor): void => {
      drop(of(actor));
      actor.end('dead');
    },
  };
};
