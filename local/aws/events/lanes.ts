/** Work of one kind, in the order in which it came, so many at a time. */
type Lane = { ready: number[]; running: Set<number>; waiting: number };

export type Lanes = {
  /** Puts it at the end of its lane; nothing runs before `pump`. */
  add(lane: string, id: number): void;
  /** Starts what has room. */
  pump(): void;
  /** Says that one more of this lane waits for its next try, or one less. */
  wait(lane: string, more: 1 | -1): void;
  /** How many of this lane wait for their next try. */
  waitingIn(lane: string): number;
  /** What runs or is about to, of all lanes. */
  ids(): Iterable<number>;
  isRunning(): boolean;
  isEmpty(): boolean;
};

/**
 * A queue for each function, as Lambda keeps one for each: however many events wait for one function, or how long it
 * takes over each, no other function's wait for that.
 */
export const createLanes = (deps: {
  mostAtOnce: number;
  run: (id: number) => Promise<void>;
  isStopped: () => boolean;
  /** Called whenever there may be nothing left to do. */
  rested: () => void;
}): Lanes => {
  const lanes = new Map<string, Lane>();
  const laneOf = (name: string): Lane => {
    const known = lanes.get(name);
    if (known) return known;
    const lane = { ready: [], running: new Set<number>(), waiting: 0 };
    lanes.set(name, lane);
    return lane;
  };
  const start = (lane: Lane): void => {
    while (!deps.isStopped() && lane.running.size < deps.mostAtOnce) {
      const id = lane.ready.shift();
      if (id === undefined) return;
      lane.running.add(id);
      void deps.run(id).finally(() => {
        lane.running.delete(id);
        start(lane);
        deps.rested();
      });
    }
  };
  return {
    add: (name, id) => void laneOf(name).ready.push(id),
    pump: () => {
      for (const lane of lanes.values()) start(lane);
      deps.rested();
    },
    wait: (name, more) => {
      laneOf(name).waiting += more;
    },
    waitingIn: (name) => laneOf(name).waiting,
    ids: () => [...lanes.values()].flatMap(({ ready, running }) => [...ready, ...running]),
    isRunning: () => [...lanes.values()].some(({ running }) => running.size > 0),
    isEmpty: () => [...lanes.values()].every(({ ready, waiting }) => ready.length === 0 && waiting === 0),
  };
};
