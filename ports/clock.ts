/** The time. Everything that decides by time reads it here, so that a test can turn it. */
export type Clock = {
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number;
};

/** An instant as the ISO 8601 UTC text that is stored and shown to programs. */
export const toIso = (ms: number): string => new Date(ms).toISOString();
