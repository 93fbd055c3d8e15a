import { wholeLoop } from './loop.ts';
import type { Office } from './people.ts';
import { twoDecimals } from './statistics.ts';

const timed = async (loops: number, run: () => Promise<void>) => {
  const startedAt = performance.now();
  await run();
  const seconds = (performance.now() - startedAt) / 1000;
  return { loops, seconds: twoDecimals(seconds), loopsPerSecond: twoDecimals(loops / seconds) };
};

/**
 * Whole loops (ask, approve, mint, use, end, refused) one after another, then some at a time. Each is about 8 HTTP
 * requests from outside. A few loops go before the clock starts, so that no cold function is in the figures.
 */
export const throughput = async (
  office: Office,
  { loops, concurrency, warmUp }: { loops: number; concurrency: number; warmUp: number },
) => {
  const token = await office.login('U0ALICE');
  const loop = (): Promise<void> => wholeLoop(office, token);
  const inTurn = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done++) await loop();
  };
  await inTurn(warmUp);
  const sequential = await timed(loops, () => inTurn(loops));
  let left = loops;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await loop();
  };
  const concurrent = await timed(loops, async () => {
    await Promise.all(Array.from({ length: concurrency }, worker));
  });
  return { sequential, concurrent: { concurrency, ...concurrent } };
};
