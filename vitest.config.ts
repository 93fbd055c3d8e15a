import { defineConfig } from 'vitest/config';

/** One project per kind of proof; `npm test` runs them all. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/contract/**', 'test/e2e/**', 'test/browser/**', 'test/permissions/suite/**'],
          // Nearly half of their time went into loading the same modules anew for each of two hundred files.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          globalSetup: ['test/permissions/e2e-run.ts'],
          setupFiles: ['test/permissions/record.setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          // How long a page may take to show what is expected of it.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        extends: true,
        test: {
          name: 'permissions',
          include: ['test/permissions/suite/*.test.ts'],
          globalSetup: ['test/permissions/vitest-process.ts'],
          // It judges what the end-to-end tests have recorded, so it comes after them.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
