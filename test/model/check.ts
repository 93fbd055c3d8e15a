import fc from 'fast-check';
import type { Bug } from './bugs/bug.ts';
import { commands } from './commands/registry.ts';
import { finish } from './flow.ts';
import { freshWorld, type Ground, type World, type WorldOptions } from './world.ts';

const numberFrom = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || text === '' ? undefined : Number(text);
};

/** `MODEL_RUNS`: how many runs instead of `usual`. `MODEL_SEED`, `MODEL_PATH`: the run that a failure has printed. */
export const parametersFor = (usual: number): { numRuns: number; seed?: number; path?: string } => {
  const seed = numberFrom('MODEL_SEED');
  const path = process.env.MODEL_PATH;
  return {
    numRuns: numberFrom('MODEL_RUNS') ?? usual,
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path }),
  };
};

/** Throws what does not hold once everything has settled. */
export const mustFinish = async (world: World): Promise<void> => {
  const what = await finish(world);
  const violation = world.violation();
  if (violation) throw violation;
  if (what !== undefined) throw new Error(`When everything has settled: ${what}.`);
};

/**
 * Any commands in any order in a world of its own, all invariants after every change, and everything settled in the
 * end.
 */
export const anyCommands = (ground: Ground, bug?: Bug, options: WorldOptions = {}) =>
  fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (given) => {
    const world = freshWorld(ground, { ...options, ...(bug && { bug }) });
    await fc.asyncModelRun(() => ({ model: {}, real: world }), given);
    await mustFinish(world);
  });
