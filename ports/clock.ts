/** The time. Everything that decides by time reads it here, so that a test can turn it. */
export type Clock = {
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number;
};
