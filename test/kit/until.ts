import { refused } from '#test/permissions/refused.ts';

/**
 * The bound on waiting for something that other parts of the stack are doing right now; nothing waits this long when it
 * works.
 */
const patienceMs = 60_000;

/**
 * Asks until it holds, with a breath between two looks: what is waited for needs the processor too. Only for what
 * happens beyond the process's own promises: HTTP, child processes. Rejects with what was waited for.
 */
export const until = async <T>(what: string, ask: () => T | Promise<T>, breathMs = 5): Promise<NonNullable<T>> => {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (refused.length > 0) throw new Error(`Not waiting for ${what}: ${refused.join('; ')}`);
    if (performance.now() > deadline) throw new Error(`Waited in vain for: ${what}`);
    await new Promise((later) => setTimeout(later, breathMs));
  }
};
