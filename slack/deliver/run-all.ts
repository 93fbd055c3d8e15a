/** Runs all of them, one after the other; what one throws is thrown after the last. */
export const runAll = async (runs: readonly (() => Promise<unknown>)[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const run of runs) {
    await run().catch((error: unknown) => {
      errors.push(error);
    });
  }
  if (errors.length > 0) throw errors[0];
};
