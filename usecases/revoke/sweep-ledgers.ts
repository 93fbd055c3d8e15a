import { roleArnOf } from '#core/aws-role.ts';
import { denyPutBack } from '#core/detection/deny-policy-tampered.ts';
import { orphanedDenyOn } from '#core/detection/orphaned-deny.ts';
import { toIso } from '#core/instant.ts';
import { digestOf, holdsOurDeny } from '#core/ledger/document.ts';
import { deniesAnybody, type Ledger, pruned } from '#core/ledger/ledger.ts';
import type { Ports } from '#ports/ports.ts';
import { raiseAlert } from '#usecases/alert/raise-alert.ts';
import type { ChangePorts } from '#usecases/change-request.ts';
import { applyLedger, type LedgerPorts } from './apply-ledger.ts';
import { changeLedger } from './engine/change-ledger.ts';
import { tellInterrupted } from './tell-interrupted.ts';

export type LedgerSweepPorts = LedgerPorts & ChangePorts & Pick<Ports, 'policy' | 'requests' | 'alerts' | 'outbox'>;

/** Roles that are looked at together, so that one unreachable account does not keep the others waiting. */
const atOnce = 10;

/** How often roles without a ledger are looked at: what is wrong with them lets nobody in. */
const orphansEveryMs = 3_600_000;

export type SweptLedgers = {
  /** Roles that had to be put right. */
  mended: string[];
  /** Roles whose deny should be in force and is not. */
  failing: string[];
};

/**
 * Puts every role's deny right: revocations that are not in force, a deny that somebody else edited or deleted, entries
 * whose last credential is dead. Tells those whose sessions a watermark ended. One role's trouble does not keep the
 * others waiting. `known` are all the ledgers, where they were just read. Idempotent, and safe beside every writer.
 * Throws `StoreUnavailable` where the ledgers cannot be listed.
 */
export const sweepLedgers = async (ports: LedgerSweepPorts, known?: readonly Ledger[]): Promise<SweptLedgers> => {
  const ledgers = known ?? (await ports.ledgers.all());
  const swept: SweptLedgers = { mended: [], failing: [] };
  for (let first = 0; first < ledgers.length; first += atOnce) {
    await Promise.all(ledgers.slice(first, first + atOnce).map((ledger) => mendOrLog(ledger, swept, ports)));
  }
  // The sweeper runs every five minutes, at whatever moment.
  if (ports.clock.nowMs() % orphansEveryMs < 300_000) await lookForOrphans(ledgers, ports);
  return swept;
};

const mendOrLog = async ({ roleArn }: Ledger, swept: SweptLedgers, ports: LedgerSweepPorts): Promise<void> => {
  try {
    if (await mendDeny(roleArn, { tell: true }, ports)) swept.mended.push(roleArn);
  } catch (error) {
    swept.failing.push(roleArn);
    ports.log.error('The sweeper could not put the deny of a role right; it will try again.', {
      roleArn,
      error: String(error),
    });
  }
};

/**
 * Puts one role's deny right. Returns whether it had to. With `tell`, an alert says so where somebody else had changed
 * it. Throws what `applyLedger` throws.
 */
export const mendDeny = async (
  roleArn: string,
  { tell }: { tell: boolean },
  ports: LedgerSweepPorts,
): Promise<boolean> => {
  const ledger = await changeLedger(roleArn, (now) => pruned(now, ports.clock.nowMs()), ports);
  if (ledger.version === 0) return false;
  await tellInterrupted(ledger, ports);
  const unapplied = ledger.appliedVersion < ledger.entriesVersion;
  if (!unapplied && !deniesAnybody(ledger)) return false;
  if (!unapplied && !ledger.roleGone && ledger.appliedDigest === digestOf(await ports.targetRoles.readDeny(roleArn))) {
    return false;
  }
  const { restored } = await applyLedger({ roleArn }, ports);
  if (restored && tell) {
    const { restored: last } = await ports.ledgers.get(roleArn);
    await raiseAlert(denyPutBack(roleArn, last ?? { at: toIso(ports.clock.nowMs()), count: 0 }), ports);
  }
  return unapplied || restored;
};

/** A deny of Daypass on a role of the policy that has no ledger: it lets nobody in, and nobody knows what it is for. */
const lookForOrphans = async (ledgers: readonly Ledger[], ports: LedgerSweepPorts): Promise<void> => {
  const known = new Set(ledgers.map(({ roleArn }) => roleArn));
  const { entitlements } = await ports.policy.current();
  for (const roleArn of new Set(entitlements.map(roleArnOf))) {
    if (known.has(roleArn)) continue;
    try {
      if (holdsOurDeny(await ports.targetRoles.readDeny(roleArn)))
        await raiseAlert(orphanedDenyOn(roleArn, toIso(ports.clock.nowMs())), ports);
    } catch (error) {
      ports.log.warn('A role could not be looked at.', { roleArn, error: String(error) });
    }
  }
};
