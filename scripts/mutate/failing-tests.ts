import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVitest } from 'vitest/node';
import type { Mutant } from './mutant.ts';

/**
 * The first unit test that fails for each mutant; one process for all of them. Throws where one fails without any mistake: it
 * would be taken for having noticed each.
 */
export const failingTests = async (
  root: string,
  tests: readonly string[],
  mutants: readonly Mutant[],
): Promise<Map<Mutant, string | undefined>> => {
  const vitest = await createVitest('test', {
    root,
    watch: false,
    project: ['unit'],
    pool: 'threads',
    reporters: [{}],
  });
  try {
    await vitest.standalone();
    const specifications = await vitest.globTestSpecifications([...tests]);
    if (specifications.length !== tests.length) throw new Error(`There is no test ${tests.join(' or ')}.`);
    const failing = async (): Promise<string | undefined> => {
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
      for (const module of testModules) {
        for (const test of module.children.allTests('failed')) return test.fullName;
        if (!module.ok()) return module.relativeModuleId;
      }
      return unhandledErrors.length > 0 ? String(unhandledErrors[0]) : undefined;
    };
    const write = (file: string, text: string): void => {
      writeFileSync(join(root, file), text);
      vitest.invalidateFile(join(root, file));
    };
    const mustPass = async (): Promise<void> => {
      const failed = await failing();
      if (failed !== undefined) throw new Error(`A test fails without any mistake: ${failed}`);
    };
    await mustPass();
    const found = new Map<Mutant, string | undefined>();
    for (const mutant of mutants) {
      const before = readFileSync(join(root, mutant.file), 'utf8');
      write(mutant.file, mutant.text);
      found.set(mutant, await failing());
      write(mutant.file, before);
    }
    await mustPass();
    return found;
  } finally {
    await vitest.close();
  }
};
