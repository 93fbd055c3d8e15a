import { createHash } from 'node:crypto';
import { type Actor, settled } from './actor.ts';
import type { Bug } from './bugs/bug.ts';
import { mustFinish } from './check.ts';
import { freshWorld, type Ground, type World } from './world.ts';

/** Two who are at it at the same time, in a world that is prepared for them. */
export type Script = {
  /** Puts the world in the state from which both start. */
  given(world: World): Promise<void>;
  /** Starts both; each then waits at its first port call. */
  both(world: World): readonly (Actor | Edit)[] | Promise<readonly (Actor | Edit)[]>;
  /** What must be so when both are done, beside the invariants. */
  leaves?(world: World): void;
  /**
   * How often one of them may be interrupted by the other while it could go on. Being made to wait does not count.
   * Without it every order is followed; who waits for a lease looks again so often that those have more orders than a
   * test can take.
   */
  mostInterruptions?: number;
};

/** One step that is not a port call. */
export type Edit = { edit: string; run(): Promise<unknown> };

const isActor = (one: Actor | Edit): one is Actor => 'outcome' in one;

export type Explored = {
  /** Orders of the port calls, all of them covered. */
  schedules: bigint;
  /** Different states that they lead through. */
  states: number;
  /** Port calls of the longest. */
  longest: number;
};

/** Where one state leads, by the choice of who is next. A state from which nobody moves leads nowhere. */
type Graph = Map<string, (string | undefined)[]>;

/**
 * Every order in which the port calls of both can happen. Two orders that lead to the same state are followed from
 * there once: a state is all that is stored, and what each of them was answered so far. Somebody who waits for the
 * other's lease looks again only when the other has made a step since. Throws at the first order in which anything does
 * not hold, with its steps.
 */
export const everyInterleaving = async (ground: Ground, script: Script, bug?: Bug): Promise<Explored> => {
  const graph: Graph = new Map();
  let longest = 0;
  let root = '';
  const todo: number[][] = [[]];
  for (let prefix = todo.pop(); prefix; prefix = todo.pop()) {
    const run = await follow({ ground, script, graph, ...(bug && { bug }) }, prefix);
    longest = Math.max(longest, run.steps);
    root = run.root;
    todo.push(...run.branches);
  }
  const counted = new Map<string, bigint>();
  const pathsFrom = (state: string): bigint => {
    const known = counted.get(state);
    if (known !== undefined) return known;
    const next = graph.get(state) ?? [];
    const paths = next.length === 0 ? 1n : next.reduce((sum, to) => sum + (to === undefined ? 0n : pathsFrom(to)), 0n);
    counted.set(state, paths);
    return paths;
  };
  return { schedules: pathsFrom(root), states: graph.size, longest };
};

type Exploration = { ground: Ground; script: Script; graph: Graph; bug?: Bug };

type Followed = { root: string; steps: number; branches: number[][] };

/** Follows the choices of `prefix`, then always the first, until a state that is known or the end. */
const follow = async ({ ground, script, graph, bug }: Exploration, prefix: readonly number[]): Promise<Followed> => {
  const seen = new Map<Actor, string>();
  const world = freshWorld(ground, {
    // A wait is over when the other has made a step, however long that takes.
    waited: () => {},
    ...(bug && { bug }),
    answered: (actor, call, result) => void seen.set(actor, hash([seen.get(actor), call, result])),
  });
  await script.given(world);
  const racers = await script.both(world);
  const edited = new Set<number>();
  /** Who waits for the other's lease and has looked since the other's last step. */
  const waiting = new Set<number>();
  const trace: string[] = [];
  let interruptions = script.mostInterruptions;
  let last = -1;
  const canMove = (who: number): boolean => {
    const one = racers[who];
    if (!one) return false;
    return isActor(one) ? world.lot.parked().some(({ actor }) => actor === one) : !edited.has(who);
  };
  const move = async (who: number): Promise<void> => {
    const one = racers[who];
    if (!one) return;
    if (!isActor(one)) {
      edited.add(who);
      trace.push(one.edit);
      await one.run();
    } else {
      const parked = world.lot.parked().find(({ actor }) => actor === one);
      if (!parked) return;
      trace.push(parked.label);
      seen.set(one, hash([seen.get(one), parked.label]));
      await world.lot.step(parked);
    }
    waiting.clear();
    if (trace.at(-1)?.endsWith(': pause')) waiting.add(who);
  };
  const stateNow = (): string =>
    hash([
      racers.map((one, who) => (isActor(one) ? [seen.get(one), one.outcome] : edited.has(who))),
      [...waiting],
      interruptions === undefined ? undefined : [last, interruptions],
      world.clock.nowMs(),
      world.memory,
      issuedAfter(world),
      world.cloud.roleArns.map(world.cloud.denyOf),
      world.executions.all(),
      world.bus.pending(),
      world.trail.pending(),
      chainsAfter(world),
    ]);
  const fail = (error: unknown): never => {
    throw new Error(`${String(error)}\n  ${trace.join('\n  ')}`, { cause: error });
  };

  await settled();
  await world.executions.quiet();
  let state = stateNow();
  const root = state;
  const branches: number[][] = [];
  for (let step = 0; ; step++) {
    const all = racers.map((_, who) => who).filter(canMove);
    const awake = all.filter((who) => !waiting.has(who));
    const open = awake.length > 0 ? awake : all;
    // Whoever is at it comes first, and is alone where no more interruptions are allowed.
    const goesOn = open.filter((who) => who === last);
    const others = goesOn.length > 0 && interruptions === 0 ? [] : open.filter((who) => who !== last);
    const choices = [...goesOn, ...others];
    const known = graph.get(state);
    const next = known ?? choices.map(() => undefined);
    graph.set(state, next);
    if (choices.length === 0) break;
    if (known && step >= prefix.length) return { root, steps: step, branches };
    const choice = prefix[step] ?? 0;
    if (step >= prefix.length) {
      for (let other = 1; other < choices.length; other++)
        branches.push([...prefix, ...zeros(step - prefix.length), other]);
    }
    const who = choices[choice] ?? -1;
    if (interruptions !== undefined && goesOn.length > 0 && who !== last) interruptions--;
    last = who;
    await move(who);
    await settled();
    await world.executions.quiet();
    if (world.violation()) fail(world.violation());
    state = stateNow();
    next[choice] = state;
  }
  try {
    script.leaves?.(world);
    await mustFinish(world);
  } catch (error) {
    fail(error);
  }
  return { root, steps: trace.length, branches };
};

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** What each session was issued after: the invariants ask for it, and the stores do not tell. */
const issuedAfter = ({ observed: { issued, lockedAt, leftActive } }: World): unknown =>
  issued.map(({ atStep, grantId }) => [
    (leftActive.get(grantId) ?? atStep) < atStep,
    [...lockedAt.values()].map((step) => step < atStep),
  ]);

/** The same of the sessions that went on. */
const chainsAfter = ({ observed: { chained, told, leftActive } }: World): unknown =>
  chained.map(({ credentials: { accessKeyId }, grantId }) => {
    const toldAt = told.get(accessKeyId);
    return [accessKeyId, toldAt === undefined, (toldAt ?? 0) <= (leftActive.get(grantId) ?? 0)];
  });

const plain = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
const hash = (value: unknown): string => createHash('sha1').update(JSON.stringify(value, plain)).digest('base64');
