import { knownFrom, managedRole, revokerRole } from '#core/detection/known.ts';
import { normalise } from '#core/detection/normalise.ts';
import { arnOf } from '#core/detection/trail-event.ts';
import { type LedgerSweepPorts, mendDeny, sweepLedgers } from './sweep-ledgers.ts';

/**
 * An inline policy of a managed role was written or deleted: its deny is put back at once where it is not as Daypass left
 * it. The detector tells people who did it. Where that was the revoker, which the detector believes, or where the event
 * does not say which role it was, it is told from here. Idempotent. Throws what `applyLedger` throws.
 */
export const restoreDeny = async (event: unknown, ports: LedgerSweepPorts): Promise<void> => {
  const read = normalise(event);
  if ('unparsed' in read) {
    await sweepLedgers(ports);
    return;
  }
  if (read.kind !== 'role-changed') return;
  const known = knownFrom(await ports.policy.current());
  const role = managedRole(known, read.role);
  if (!role) return;
  await mendDeny(arnOf(role), { tell: revokerRole(known, read.caller.role) !== undefined }, ports);
};
