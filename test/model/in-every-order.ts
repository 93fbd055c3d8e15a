import { describe, expect, it } from 'vitest';
import type { Bug } from './bugs/bug.ts';
import { everyInterleaving, type Script } from './interleave.ts';
import { createGround } from './world.ts';

export type NamedScript = readonly [name: string, script: Script];

/** `MODEL_RUNS` is the long form: more interruptions, or any number of them. */
const isLong = process.env.MODEL_RUNS !== undefined;
export const interruptions = (usual: number, long?: number): Pick<Script, 'mostInterruptions'> => {
  const most = isLong ? long : usual;
  return most === undefined ? {} : { mostInterruptions: most };
};

/** A test of each script, and of each mistake that one of them has to find. */
export const inEveryOrder = (
  scripts: readonly NamedScript[],
  found: readonly (readonly [bug: Bug, script: string])[],
): void => {
  describe('whoever is first with which port call, the invariants hold and everything settles:', async () => {
    const ground = await createGround();
    it.each(scripts)(
      '%s',
      async (name, script) => {
        const { schedules, states, longest } = await everyInterleaving(ground, script);
        process.stdout.write(`${name}: ${schedules} schedules of at most ${longest} steps, ${states} states\n`);
        expect(schedules).toBeGreaterThan(10n);
      },
      3_600_000,
    );

    it.each(found.map(([bug, script]) => [bug.name, script, bug] as const))(
      '%s is found by %s',
      async (_, name, bug) => {
        const script = scripts.find(([known]) => known === name)?.[1];
        if (!script) throw new Error(`There is no ${name}.`);
        await expect(everyInterleaving(ground, script, bug)).rejects.toThrow(/[CILW]\d+: |settled: /);
      },
    );
  });
};
