import type { BusEvent } from '#local/aws/events/bus-event.ts';

/** One of CloudTrail's records on its way to the detector: of a session that somebody took with another one. */
export type TrailRecord = { accessKeyId: string; event: BusEvent };

/** CloudTrail takes minutes, keeps no order and tells twice; a step across accounts is told in both. */
export const createTrail = () => {
  let pending: TrailRecord[] = [];
  return {
    put: (records: readonly TrailRecord[]): void => void pending.push(...records),
    pending: (): readonly TrailRecord[] => pending,
    taken: (record: TrailRecord): void => {
      pending = pending.filter((each) => each !== record);
    },
    /** No account's trail ever tells of this session. */
    lose: (accessKeyId: string): void => {
      pending = pending.filter((each) => each.accessKeyId !== accessKeyId);
    },
  };
};

export type Trail = ReturnType<typeof createTrail>;
