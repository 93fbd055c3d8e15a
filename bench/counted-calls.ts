import type { RecordedCall } from './recorded-call.ts';

export const flowNames = ['ask', 'approve', 'mint', 'end'] as const;
export type FlowName = (typeof flowNames)[number];

type Counted = Readonly<Record<string, number>>;

export type Flow = {
  /** Calls to AWS by service. */
  byService: Counted;
  /** The same, by service and operation. */
  byOperation: Counted;
  /** Items and queries of the table, by aggregate; a transaction counts each of its items. */
  reads: Counted;
  writes: Counted;
};
export type Flows = Readonly<Record<FlowName, Flow>>;

/** Most first. */
const counted = (names: readonly string[]): Counted => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
};

export const flowOf = (calls: readonly RecordedCall[]): Flow => ({
  byService: counted(calls.map(({ service }) => service)),
  byOperation: counted(calls.map(({ service, operation }) => `${service} ${operation}`)),
  reads: counted(calls.flatMap(({ reads }) => reads)),
  writes: counted(calls.flatMap(({ writes }) => writes)),
});

/** All calls of a loop. */
export const callsOf = (flows: Flows): number =>
  Object.values(flows)
    .flatMap(({ byService }) => Object.values(byService))
    .reduce((sum, count) => sum + count, 0);
