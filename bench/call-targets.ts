import type { Flows } from './counted-calls.ts';

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** What a loop may cost at most, in calls to AWS and in reads of one aggregate. */
export const callTargets: readonly { what: string; atMost: number; of: (flows: Flows) => number }[] = [
  {
    what: 'calls of a whole loop',
    atMost: 70,
    of: (flows) => Object.values(flows).reduce((total, { byService }) => total + sum(byService), 0),
  },
  { what: 'reads of the request from Approve to live', atMost: 4, of: ({ approve }) => approve.reads.request ?? 0 },
  { what: 'reads of the ledger at the end', atMost: 3, of: ({ end }) => end.reads.ledger ?? 0 },
];
