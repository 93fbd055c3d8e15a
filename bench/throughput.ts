import { type Laps, wholeLoop } from './loop.ts';
import type { Office } from './people.ts';
import { spread, twoDecimals } from './statistics.ts';

/** No loop begins after this long, so that a slow machine gives fewer loops and not a longer bench. */
const mostSeconds = 30;

const timed = async (office: Office, token: string, wanted: number, concurrency: number) => {
  const startedAt = performance.now();
  const secondsGone = (): number => (performance.now() - startedAt) / 1000;
  const laps: Laps[] = [];
  const failures: string[] = [];
  let left = wanted;
  const worker = async (): Promise<void> => {
    while (left-- > 0 && secondsGone() < mostSeconds) {
      await wholeLoop(office, token).then(
        (lap) => laps.push(lap),
        (error: unknown) => failures.push(error instanceof Error ? error.message : String(error)),
      );
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = secondsGone();
  return {
    concurrency,
    loops: laps.length,
    failures,
    seconds: twoDecimals(seconds),
    loopsPerSecond: twoDecimals(laps.length / seconds),
    parts: {
      askUntilCard: spread(laps.map(({ askMs }) => askMs)),
      approveUntilActive: spread(laps.map(({ approveMs }) => approveMs)),
      mintAndUse: spread(laps.map(({ mintMs }) => mintMs)),
      cardUntilButton: spread(laps.map(({ buttonMs }) => buttonMs)),
      doneUntilVerified: spread(laps.map(({ endMs }) => endMs)),
    },
  };
};

/**
 * Whole loops (ask, approve, mint, use, end, refused) of one role: one after another, then some at a time. Loops that
 * are not counted go first, so that no cold function is in the figures.
 */
export const throughput = async (
  office: Office,
  { loops, concurrency, warmUp }: { loops: number; concurrency: number; warmUp: number },
) => {
  const token = await office.login('U0ALICE');
  await timed(office, token, warmUp, 1);
  return {
    sequential: await timed(office, token, loops, 1),
    concurrent: await timed(office, token, loops, concurrency),
  };
};
