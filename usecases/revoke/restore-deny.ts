import { roleArnOf } from '#core/aws-role.ts';
import { knownFrom, managedRole, revokerRole } from '#core/detection/known.ts';
import { normalise } from '#core/detection/normalise.ts';
import type { RoleChanged } from '#core/detection/trail-event.ts';
import { member } from '#core/detection/untrusted-json.ts';
import { watermarkOf } from '#core/ledger/console-button.ts';
import { denyPolicyName, saysAll } from '#core/ledger/document.ts';
import { withWatermark } from '#core/ledger/ledger.ts';
import { changeLedger } from './engine/change-ledger.ts';
import { type LedgerSweepPorts, mendDeny, sweepLedgers } from './sweep-ledgers.ts';
import { tellInterrupted } from './tell-interrupted.ts';

/**
 * An inline policy of a managed role was written or deleted: its deny is put back at once where it is not as Daypass
 * left it. The detector tells people who did it. Where that was the revoker, which the detector believes, or where the
 * event does not say which role it was, it is told from here. What the console's button revoked is kept: a write of
 * ours may have gone over it, and only the event tells. Idempotent. Throws what `applyLedger` throws.
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
  const own = revokerRole(known, read.caller.role) !== undefined;
  if (!own && read.policyName === denyPolicyName) await keepTheirs(read, roleArnOf(role), ports);
  if (own && read.policyName === denyPolicyName && (await saysWhatIsDue(event, roleArnOf(role), ports))) return;
  await mendDeny(roleArnOf(role), { tell: own }, ports);
};

/**
 * Whether the revoker wrote exactly what the ledger is to say beside what others wrote: then there is nothing to put
 * back. The writer reads it back itself and records that; whoever changes it afterwards causes an event of their own.
 */
const saysWhatIsDue = async (event: unknown, roleArn: string, ports: LedgerSweepPorts): Promise<boolean> => {
  const document = member(event, 'detail', 'requestParameters', 'policyDocument');
  const ledger = await ports.ledgers.get(roleArn);
  if (typeof document !== 'string' || ledger.version === 0 || !saysAll(ledger, document)) return false;
  await tellInterrupted(ledger, ports);
  return true;
};

/** IAM writes without any condition: who reads, then writes, cannot know of what was written in between. */
const keepTheirs = async (
  { revokesBefore, at }: RoleChanged,
  roleArn: string,
  ports: Pick<LedgerSweepPorts, 'clock' | 'pause' | 'ledgers'>,
): Promise<void> => {
  if (revokesBefore === undefined) return;
  await changeLedger(roleArn, (now) => withWatermark(now, watermarkOf(revokesBefore, at), ports.clock.nowMs()), ports);
};
