import { createVitest } from 'vitest/node';
import { folder, type Noticed } from './side-by-side.ts';

/**
 * The tests that fail in the copies that stand beside the mutants. One process for all: no two copies share a changed
 * file.
 */
export const failingTests = async (root: string): Promise<Noticed[]> => {
  const vitest = await createVitest('test', {
    root,
    config: false,
    watch: false,
    include: [`${folder}/**/*.test.ts`],
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    reporters: [{}],
  });
  try {
    const { testModules, unhandledErrors } = await vitest.start();
    if (unhandledErrors.length > 0) throw unhandledErrors[0];
    return testModules.flatMap((module) => {
      const failed = [...module.children.allTests('failed')].map(({ fullName }) => fullName);
      const [by = module.ok() ? undefined : 'a test that cannot be loaded'] = failed;
      return by === undefined ? [] : [{ path: module.relativeModuleId, by }];
    });
  } finally {
    await vitest.close();
  }
};
