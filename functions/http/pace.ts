import type { Ports } from '#ports/ports.ts';
import { type Answer, problem } from './answer.ts';

/** More than a program needs that looks four times a second, on several machines of one person. */
const most = 600;
const perMs = 60_000;

/** The answer to one call too many of this person; undefined to any other. */
export type Pace = (personId: string) => Answer | undefined;

/**
 * How often one person may call within a minute. Counted in the memory of this process, so that it costs nothing: where
 * a function runs in several places at once, each counts by itself. Whoever takes access away is never asked.
 */
export const createPace = ({ clock }: Pick<Ports, 'clock'>): Pace => {
  let minute = 0;
  let calls = new Map<string, number>();
  return (personId) => {
    const nowMs = clock.nowMs();
    const current = Math.floor(nowMs / perMs);
    if (current !== minute) {
      minute = current;
      calls = new Map();
    }
    const count = (calls.get(personId) ?? 0) + 1;
    calls.set(personId, count);
    return count > most ? tooManyCalls(Math.ceil(((current + 1) * perMs - nowMs) / 1000)) : undefined;
  };
};

const tooManyCalls = (inSec: number): Answer =>
  problem(
    429,
    'too-many',
    `You have called ${most} times within a minute, which is the limit.`,
    `Try again in ${inSec} s. What ends access is never limited.`,
    { 'retry-after': String(inSec) },
  );
