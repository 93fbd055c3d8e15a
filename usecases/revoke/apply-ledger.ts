import { isDaypassError } from '#core/errors.ts';
import { type LedgerEntry, type Watermark, withWatermark } from '#core/ledger/ledger.ts';
import { sha256 } from '#core/sha256.ts';
import type { Ports } from '#ports/ports.ts';
import { changeLedger } from './engine/change-ledger.ts';
import { type Applied, readBack } from './engine/read-back.ts';
import { writeLedger } from './engine/write-ledger.ts';

export { type Applied, deathBy } from './engine/read-back.ts';

export type LedgerPorts = Pick<Ports, 'clock' | 'pause' | 'ledgers' | 'targetRoles' | 'log'>;

/**
 * Whoever holds the role needs a second or two, and that one write covers everybody who waits. Between 16 and 24
 * seconds in all, with a store that answers at once: longer than the lease of a dead writer, shorter than the functions
 * have.
 */
const patience = { rounds: 14, firstMs: 250, longestMs: 2_000 };

/**
 * A store that is slow to answer is busy with those who wait, and their writer waits behind them: so each leaves it
 * alone for this many times as long as it took to answer, up to `longestMs`.
 */
const rest = { times: 2, longestMs: 8_000 };

/** Not all at the same moment: each waiter has its own part of the time, which needs no dice. */
const pauseOf = (waiter: string, round: number, lookMs: number): number => {
  const spread = Number.parseInt(sha256(`${waiter} ${round}`).slice(0, 4), 16) / 0xffff;
  const planned = Math.min(patience.firstMs * 2 ** (round - 1), patience.longestMs);
  return Math.max(planned, Math.min(lookMs * rest.times, rest.longestMs)) * (0.7 + spread * 0.3);
};

export type Revocations = {
  roleArn: string;
  entry?: LedgerEntry;
  entries?: readonly LedgerEntry[];
  /** Revokes the whole role. */
  everySession?: Watermark;
};

/**
 * Puts revocations in force on a role (without any, what the ledger already holds): kept, rendered, written, read back.
 * Returns only when the role's policy was seen to say it, or the role is gone. Revocations at the same time share a
 * write: one of them writes, the others wait for it. Idempotent. Throws `RoleBusy`, `RoleUnavailable`,
 * `DenyNotInForce`, `VersionConflict`, `StoreUnavailable`: all to be tried again, which the machine does with backoff
 * and jitter, six attempts in all, and then the sweeper.
 */
export const applyLedger = async (
  { roleArn, entry, entries = entry ? [entry] : [], everySession }: Revocations,
  ports: LedgerPorts,
): Promise<Applied> => {
  const { ledgers, clock } = ports;
  if (everySession) await changeLedger(roleArn, (now) => withWatermark(now, everySession, clock.nowMs()), ports);
  const waiter = JSON.stringify([roleArn, entries]);
  // Once this one has written as a writer that nobody waits for, only its own read-back can tell what is in force.
  let mayLeaveItToOthers = entries.length > 0 && !everySession;
  for (let round = 1, lookedAtMs = clock.nowMs(); ; round++) {
    try {
      const applied = await writeLedger(roleArn, round === 1 ? entries : [], ports);
      if (applied !== 'superseded') return applied;
      mayLeaveItToOthers = false;
    } catch (error) {
      if (!isDaypassError(error, 'RoleBusy') || round >= patience.rounds) throw error;
    }
    await ports.pause(pauseOf(waiter, round, clock.nowMs() - lookedAtMs));
    lookedAtMs = clock.nowMs();
    if (!mayLeaveItToOthers) continue;
    const waiting = await Promise.all(entries.map((each) => ledgers.isProposed(roleArn, each)));
    if (!waiting.includes(true)) return readBack({ outcome: 'in-force', restored: false });
  }
};
