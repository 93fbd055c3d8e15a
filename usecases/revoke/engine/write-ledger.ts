import { DaypassError, isDaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import { denyDocument, digestOf, fits, inlinePolicyBudget, sameDocument } from '#core/ledger/document.ts';
import { type Ledger, type LedgerEntry, pruned, withEntries, withLess } from '#core/ledger/ledger.ts';
import { afterWrite, waitMs } from '#core/ledger/pace.ts';
import type { AppliedDocument } from '#ports/ledger-store.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';
import { changeLedger } from './change-ledger.ts';
import { type Applied, readBack } from './read-back.ts';

type WriterPorts = Pick<Ports, 'clock' | 'pause' | 'ledgers' | 'targetRoles' | 'log'>;

/**
 * Longer than a read, a write and a read-back usually take, and less than those who wait have patience: a dead writer
 * is outwaited.
 */
const leaseSec = 15;

/**
 * Writes the newest ledger and what is `proposing` as the role's only writer. `superseded`: it was not the writer any
 * more when it had written, and may have put an older document over a newer one. Throws `RoleBusy` while another
 * writes, and as `applyLedger`.
 */
export const writeLedger = async (
  roleArn: string,
  proposing: readonly LedgerEntry[],
  ports: WriterPorts,
): Promise<Applied | 'superseded'> => {
  const acquired = await untilSaved(() => ports.ledgers.acquire(roleArn, leaseSec, proposing), ports.pause);
  const { fence } = acquired;
  let recorded = false;
  try {
    const { ledger, proposed, applied, document } = await writeNewest(
      acquired.ledger,
      ports.clock.nowMs() + leaseSec * 1000,
      ports,
    );
    // Those who wait see it by this. Of a role that is gone each hears for itself.
    let left = applied.outcome === 'in-force' ? proposed : [];
    if (ledger.version > 0) {
      left = await untilSaved(() => ports.ledgers.record(roleArn, document, fence, left), ports.pause);
      recorded = true;
    }
    if (left.length > 0) await untilSaved(() => ports.ledgers.settle(roleArn, left), ports.pause);
    ports.log.info('The deny policy is in force.', { roleArn, entriesVersion: document.entriesVersion, ...applied });
    return applied;
  } catch (error) {
    if (isDaypassError(error, 'RoleBusy')) return 'superseded';
    throw error;
  } finally {
    if (!recorded) await giveBack(roleArn, fence, ports);
  }
};

const giveBack = (roleArn: string, fence: number, { ledgers, log }: WriterPorts): Promise<void> =>
  ledgers.release(roleArn, fence).catch((error: unknown) => {
    log.warn('The lease on a role could not be given back; it runs out by itself.', { roleArn, error: String(error) });
  });

type Written = { ledger: Ledger; proposed: readonly LedgerEntry[]; applied: Applied; document: AppliedDocument };

const writeNewest = async (read: Ledger, heldUntilMs: number, ports: WriterPorts): Promise<Written> => {
  const { ledgers, targetRoles, clock, pause } = ports;
  const { roleArn } = read;
  let before = read;
  const paceMs = waitMs(before.pace, clock.nowMs());
  if (paceMs > 0) {
    // What is revoked during this wait is covered by this write.
    await pause(paceMs);
    before = await ledgers.get(roleArn);
  }
  let budget = inlinePolicyBudget;
  for (;;) {
    const existing = await targetRoles.readDeny(roleArn);
    const proposed = await ledgers.proposed(roleArn);
    const ledger = await fitted(before, proposed, { existing, budget }, ports);
    const wanted = documentOf(ledger, existing, budget);
    if (wanted === undefined || sameDocument(wanted, existing)) {
      return written(ledger, proposed, existing, { restored: false });
    }
    const tampered = proposed.length === 0 && isTampered(before, existing);
    if (clock.nowMs() >= heldUntilMs) throw superseded(roleArn);
    const answer = await targetRoles.writeDeny(roleArn, wanted);
    if (answer === 'role-gone') return gone(ledger, proposed);
    if (answer === 'no-room') {
      const left = inlinePolicyBudget - (await targetRoles.otherPolicies(roleArn));
      if (left >= budget || left >= wanted.length) throw noRoom(roleArn);
      budget = left;
      before = ledger;
      continue;
    }
    const shown = await targetRoles.readDeny(roleArn);
    if (!sameDocument(wanted, shown)) throw notInForce(roleArn);
    const pace = afterWrite(ledger.pace, clock.nowMs());
    const restored = { at: toIso(clock.nowMs()), count: (ledger.restored?.count ?? 0) + 1 };
    return written(ledger, proposed, wanted, { restored: tampered }, { pace, ...(tampered && { restored }) });
  }
};

/** Nothing new was to be written, and the role showed something else than what was read back last. */
const isTampered = (
  { appliedVersion, entriesVersion, appliedDigest, roleGone }: Ledger,
  existing: string | undefined,
) =>
  appliedVersion >= entriesVersion && !roleGone && appliedDigest !== undefined && appliedDigest !== digestOf(existing);

const written = (
  ledger: Ledger,
  proposed: readonly LedgerEntry[],
  document: string | undefined,
  what: Pick<Applied, 'restored'>,
  changes: Pick<AppliedDocument, 'pace' | 'restored'> = {},
): Written => ({
  ledger,
  proposed,
  applied: readBack({ outcome: 'in-force', ...what }),
  document: { entriesVersion: ledger.entriesVersion, digest: digestOf(document), roleGone: false, ...changes },
});

const gone = (ledger: Ledger, proposed: readonly LedgerEntry[]): Written => ({
  ledger,
  proposed,
  applied: readBack({ outcome: 'role-gone', restored: false }),
  document: { entriesVersion: ledger.entriesVersion, digest: digestOf(undefined), roleGone: true },
});

/**
 * The ledger with what was proposed and without what is dead, and with as many entries as its document holds. It is
 * saved before it is written.
 */
const fitted = async (
  ledger: Ledger,
  proposed: readonly LedgerEntry[],
  { existing, budget }: { existing: string | undefined; budget: number },
  ports: WriterPorts,
): Promise<Ledger> => {
  const nowMs = ports.clock.nowMs();
  const less = (now: Ledger): Ledger =>
    now.entries.length === 0 || fits(now, existing, budget) ? now : less(withLess(now));
  const fitting = (now: Ledger): Ledger =>
    less(proposed.length > 0 ? withEntries(now, proposed, nowMs) : pruned(now, nowMs));
  return changeLedger(ledger.roleArn, fitting, ports, ledger);
};

const documentOf = (ledger: Ledger, existing: string | undefined, budget: number): string | undefined => {
  try {
    return denyDocument(ledger, existing, budget);
  } catch (error) {
    throw error instanceof RangeError ? noRoom(ledger.roleArn) : error;
  }
};

const noRoom = (roleArn: string): DaypassError =>
  new DaypassError(
    'RoleUnavailable',
    `The other inline policies of ${roleArn}, or the denials of others in it, leave no room for its deny policy. Make them smaller or turn them into managed policies.`,
  );

const notInForce = (roleArn: string): DaypassError =>
  new DaypassError(
    'DenyNotInForce',
    `${roleArn} does not show the deny policy that was just written to it. Somebody else may be writing at the same time; it is tried again.`,
  );

const superseded = (roleArn: string): DaypassError =>
  new DaypassError(
    'RoleBusy',
    `Writing to ${roleArn} took too long: somebody else may be its writer by now. It is tried again.`,
  );
