import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** Where the interpreter's randomness comes from; a test gives its own. */
export type Entropy = {
  bytes(count: number): Uint8Array;
  /** A number in [0, 1). */
  unit(): number;
  /** A version 4 UUID. */
  uuid(): string;
};

export const systemEntropy: Entropy = { bytes: randomBytes, unit: Math.random, uuid: randomUUID };

/** A number in [0, 1) that is the same for the same seed. */
export const seededUnit = (seed: number): number =>
  createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48;
