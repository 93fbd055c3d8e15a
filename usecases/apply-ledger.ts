import { DaypassError, isDaypassError } from '#core/errors.ts';
import { denyDocument, inlinePolicyBudget, sameDocument } from '#core/ledger/document.ts';
import { type Ledger, type LedgerEntry, type Watermark, withEntry, withWatermark } from '#core/ledger/ledger.ts';
import type { Ports } from '#ports/ports.ts';

export type LedgerPorts = Pick<Ports, 'clock' | 'pause' | 'ledgers' | 'targetRoles' | 'log'>;

/** Longer than a read, a write and a read-back of one policy ever take. */
const leaseSec = 30;

/** Whoever holds the role needs about a second, and that one write covers everybody who waits. */
const patience = { rounds: 40, everyMs: 150 };

type Revocations = {
  roleArn: string;
  entry?: LedgerEntry;
  entries?: readonly LedgerEntry[];
  everySession?: Watermark;
};

/** Each look at the ledger ends with somebody's change saved, so this many at once all get through. */
const looks = 100;

/**
 * Puts revocations in force on a role (`entry`, several `entries`, `everySession`; without any, what the ledger already holds): kept in the ledger,
 * rendered, written, read back. Returns only when the role's policy was seen to say it. Revocations at the same time
 * share a write: one of them writes, the others wait for it. Idempotent. Throws `RoleBusy`, `RoleUnavailable`,
 * `DenyNotInForce`, `StoreUnavailable`: all to be tried again.
 */
export const applyLedger = async (
  { roleArn, entry, entries = entry ? [entry] : [], everySession }: Revocations,
  ports: LedgerPorts,
): Promise<void> => {
  const revoked = (ledger: Ledger): Ledger => {
    const marked = everySession ? withWatermark(ledger, everySession) : ledger;
    return entries.reduce((so, each) => withEntry(so, each, ports.clock.nowMs()), marked);
  };
  const wanted = entries.length > 0 || everySession ? await changeLedger(roleArn, revoked, ports) : undefined;
  for (let round = 1; ; round++) {
    try {
      return await applyAlone(roleArn, ports);
    } catch (error) {
      if (!isDaypassError(error, 'RoleBusy') || round === patience.rounds) throw error;
    }
    await ports.pause(patience.everyMs);
    if (wanted && (await ports.ledgers.get(roleArn)).appliedVersion >= wanted.entriesVersion) return;
  }
};

/** Writes the newest ledger as the role's only writer. */
const applyAlone = async (roleArn: string, ports: LedgerPorts): Promise<void> => {
  const fence = await ports.ledgers.acquire(roleArn, leaseSec);
  try {
    const entriesVersion = await writeNewest(roleArn, ports);
    const applied = (now: Ledger): Ledger => ({ ...now, appliedVersion: Math.max(now.appliedVersion, entriesVersion) });
    await changeLedger(roleArn, applied, ports);
    ports.log.info('The deny policy is in force.', { roleArn, entriesVersion });
  } finally {
    await ports.ledgers.release(roleArn, fence).catch((error: unknown) => {
      ports.log.warn('The lease on a role could not be given back; it runs out by itself.', {
        roleArn,
        error: String(error),
      });
    });
  }
};

/**
 * Writes the ledger and returns the `entriesVersion` that is in force then. A writer that hung for longer than its lease
 * may just have put an older document over a newer one: finding that a newer one was applied, it writes that one again.
 */
const writeNewest = async (roleArn: string, ports: LedgerPorts): Promise<number> => {
  for (;;) {
    const ledger = await ports.ledgers.get(roleArn);
    await writeAndReadBack(ledger, ports);
    const { appliedVersion } = await ports.ledgers.get(roleArn);
    if (appliedVersion <= ledger.entriesVersion) return ledger.entriesVersion;
  }
};

const writeAndReadBack = async (ledger: Ledger, { targetRoles }: LedgerPorts): Promise<void> => {
  const { roleArn } = ledger;
  const existing = await targetRoles.readDeny(roleArn);
  const wanted = denyDocument(ledger, existing);
  if (wanted === undefined || sameDocument(wanted, existing)) return;
  const fits = (await targetRoles.writeDeny(roleArn, wanted)) === 'written';
  const written = fits ? wanted : await writeSmaller(ledger, existing, targetRoles);
  if (sameDocument(written, await targetRoles.readDeny(roleArn))) return;
  throw new DaypassError(
    'DenyNotInForce',
    `${roleArn} does not show the deny policy that was just written to it. Somebody else may be writing at the same time; it is tried again.`,
  );
};

/** Writes what fits beside the role's other inline policies, and returns it. */
const writeSmaller = async (
  ledger: Ledger,
  existing: string | undefined,
  targetRoles: Ports['targetRoles'],
): Promise<string> => {
  const { roleArn } = ledger;
  const left = inlinePolicyBudget - (await targetRoles.otherPolicies(roleArn));
  const smaller = denyDocument(ledger, existing, left);
  if (smaller === undefined || (await targetRoles.writeDeny(roleArn, smaller)) === 'no-room') throw noRoom(roleArn);
  return smaller;
};

const noRoom = (roleArn: string): DaypassError =>
  new DaypassError(
    'RoleUnavailable',
    `The other inline policies of ${roleArn} leave no room for its deny policy. Make them smaller or turn them into managed policies.`,
  );

const changeLedger = async (
  roleArn: string,
  change: (ledger: Ledger) => Ledger,
  { ledgers, pause }: LedgerPorts,
): Promise<Ledger> => {
  for (let look = 1; ; look++) {
    const ledger = await ledgers.get(roleArn);
    const next = { ...change(ledger), version: ledger.version + 1 };
    try {
      await ledgers.save(next);
      return next;
    } catch (error) {
      if (!isDaypassError(error, 'VersionConflict') || look === looks) throw error;
    }
    await pause(Math.min(5 * look, 50));
  }
};
