/** Waits a moment, for somebody else who is at the same thing right now. Never how access ends: that is the clock's. */
export type Pause = (ms: number) => Promise<void>;
