import { callsOf, type Flows } from './counted-calls.ts';

/** What a loop may cost at most, in calls to AWS and in reads of one aggregate. */
const targets: readonly { what: string; atMost: number; of: (flows: Flows) => number }[] = [
  { what: 'calls of a whole loop', atMost: 70, of: callsOf },
  { what: 'reads of the request from Approve to live', atMost: 4, of: ({ approve }) => approve.reads.request ?? 0 },
  { what: 'reads of the ledger at the end', atMost: 3, of: ({ end }) => end.reads.ledger ?? 0 },
];

export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

/**
 * The targets beside what the median of these loops needs, and the worst of them: where two functions come upon the
 * same message at the same moment, one of them looks again.
 */
export const besideTargets = (loops: readonly Flows[]) =>
  targets.map(({ what, atMost, of }) => {
    const median = medianOf(loops.map(of));
    return { what, atMost, median, most: Math.max(...loops.map(of)), met: median <= atMost };
  });
