import { DaypassError, isDaypassError } from '#core/errors.ts';
import { denyDocument, sameDocument } from '#core/ledger/document.ts';
import { type Ledger, type LedgerEntry, withEntry } from '#core/ledger/ledger.ts';
import type { Ports } from '#ports/ports.ts';

type LedgerPorts = Pick<Ports, 'clock' | 'ledgers' | 'targetRoles' | 'log'>;

/** Longer than a read, a write and a read-back of one policy ever take. */
const leaseSec = 30;

const rounds = 10;

/**
 * Puts one revocation (or, without `entry`, what the ledger already holds) in force on a role: kept in the ledger,
 * rendered, written, read back. Returns only when the role's policy was seen to say it. Idempotent. Throws `RoleBusy`,
 * `RoleUnavailable`, `DenyNotInForce`, `StoreUnavailable`: all to be tried again.
 */
export const applyLedger = async (
  { roleArn, entry }: { roleArn: string; entry?: LedgerEntry },
  ports: LedgerPorts,
): Promise<void> => {
  const { entriesVersion } = entry
    ? await changeLedger(roleArn, (ledger) => withEntry(ledger, entry, ports.clock.nowMs()), ports)
    : await ports.ledgers.get(roleArn);
  const fence = await ports.ledgers.acquire(roleArn, leaseSec);
  try {
    const ledger = await ports.ledgers.get(roleArn);
    await writeAndReadBack(ledger, ports);
    await changeLedger(
      roleArn,
      (now) => ({ ...now, appliedVersion: Math.max(now.appliedVersion, ledger.entriesVersion) }),
      ports,
    );
  } finally {
    await ports.ledgers.release(roleArn, fence).catch((error: unknown) => {
      ports.log.warn('The lease on a role could not be given back; it runs out by itself.', {
        roleArn,
        error: String(error),
      });
    });
  }
  ports.log.info('The deny policy is in force.', { roleArn, entriesVersion });
};

const writeAndReadBack = async (ledger: Ledger, { targetRoles }: LedgerPorts): Promise<void> => {
  const { roleArn } = ledger;
  const existing = await targetRoles.readDeny(roleArn);
  const wanted = denyDocument(ledger, existing);
  if (wanted === undefined || sameDocument(wanted, existing)) return;
  await targetRoles.writeDeny(roleArn, wanted);
  const written = await targetRoles.readDeny(roleArn);
  if (sameDocument(wanted, written)) return;
  throw new DaypassError(
    'DenyNotInForce',
    `${roleArn} does not show the deny policy that was just written to it. Somebody else may be writing at the same time; it is tried again.`,
  );
};

const changeLedger = async (
  roleArn: string,
  change: (ledger: Ledger) => Ledger,
  { ledgers }: Pick<Ports, 'ledgers'>,
): Promise<Ledger> => {
  for (let round = 1; ; round++) {
    const ledger = await ledgers.get(roleArn);
    const next = { ...change(ledger), version: ledger.version + 1 };
    try {
      await ledgers.save(next);
      return next;
    } catch (error) {
      if (!isDaypassError(error, 'VersionConflict') || round === rounds) throw error;
    }
  }
};
