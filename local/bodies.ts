import type { IncomingMessage } from 'node:http';

/** A sender that goes on past this is cut off instead of answered. */
const patienceBytes = 16 * 1024 * 1024;
const firstBytes = 1024;

/** Why there is no body: it is too large for its route, or this process holds too many of them. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly status: 413 | 503;
  constructor(status: 413 | 503, message: string) {
    super(message);
    this.status = status;
  }
}

const tooLarge = (maxBytes: number): BodyRefused =>
  new BodyRefused(413, `A request may have ${maxBytes} bytes here; this one has more.`);
const tooMany = (): BodyRefused =>
  new BodyRefused(503, 'Too many requests are being sent at this moment, and this one took the longest.');

/** One body under way. What is held is what was allocated: a sender of single bytes costs no more than they are. */
type Reading = { held: Buffer; size: number; refusal?: BodyRefused };

export type Bodies = {
  /**
   * The body of a request that nobody has vouched for yet. Throws `BodyRefused` once the sender is ready to hear it,
   * which may be after bytes that were read and dropped; Node's own error where the sender went away.
   */
  read(request: IncomingMessage, maxBytes: number): Promise<Buffer>;
  /** Bytes kept at this moment for bodies that are not whole. */
  heldBytes(): number;
};

/**
 * Reads bodies within one budget for all connections. Where it is used up, the body that has been under way for the
 * longest gives way: an honest one is whole in milliseconds, so that slow senders cannot keep the others out.
 */
export const createBodies = (budgetBytes: number): Bodies => {
  /** In the order in which they began. */
  const underWay = new Set<Reading>();
  let heldBytes = 0;

  const drop = (reading: Reading): void => {
    heldBytes -= reading.held.length;
    reading.held = Buffer.alloc(0);
    underWay.delete(reading);
  };

  const take = (reading: Reading, chunk: Buffer, maxBytes: number): void => {
    const size = reading.size + chunk.length;
    if (size > maxBytes) {
      reading.refusal = tooLarge(maxBytes);
      drop(reading);
      return;
    }
    if (size > reading.held.length) {
      const larger = Math.min(maxBytes, Math.max(firstBytes, size, reading.held.length * 2));
      const more = larger - reading.held.length;
      for (const oldest of underWay) {
        if (heldBytes + more <= budgetBytes) break;
        oldest.refusal = tooMany();
        drop(oldest);
      }
      if (reading.refusal) return;
      const grown = Buffer.alloc(larger);
      reading.held.copy(grown, 0, 0, reading.size);
      heldBytes += more;
      reading.held = grown;
    }
    chunk.copy(reading.held, reading.size);
    reading.size = size;
  };

  const read = async (request: IncomingMessage, maxBytes: number): Promise<Buffer> => {
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > patienceBytes) throw tooLarge(maxBytes);
    const reading: Reading = { held: Buffer.alloc(0), size: 0 };
    if (declared > maxBytes) reading.refusal = tooLarge(maxBytes);
    else underWay.add(reading);
    let received = 0;
    try {
      await new Promise<void>((done, failed) => {
        request.on('data', (chunk: Buffer) => {
          received += chunk.length;
          if (!reading.refusal) take(reading, chunk, maxBytes);
          else if (received > patienceBytes) done();
        });
        request.once('end', done).once('error', failed);
        request.once('close', () => failed(new Error('The sender went away.')));
      });
      if (reading.refusal) throw reading.refusal;
      return reading.held.subarray(0, reading.size);
    } finally {
      drop(reading);
    }
  };

  return { read, heldBytes: () => heldBytes };
};

/** What a server of this stack holds at most of bodies that are not whole yet. */
export const bodyBudgetBytes = 32 * 1024 * 1024;
