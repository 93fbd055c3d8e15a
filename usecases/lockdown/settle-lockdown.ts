import { subjectText } from '#core/lockdown/subject.ts';
import type { Ports } from '#ports/ports.ts';
import { findLocked } from './find-locked.ts';
import { finishLockdown } from './finish-lockdown.ts';
import { reportLockedFailure } from './report-locked-failure.ts';
import { type LockedPorts, revokeLocked } from './revoke-locked.ts';

export type SettleLockdownPorts = LockedPorts & Pick<Ports, 'workflows'>;

/**
 * Ends what a lockdown covers and its execution left behind when it failed, was stopped or timed out. Returns whether
 * there was anything. Idempotent, and safe beside the workflow. Throws `StoreUnavailable`, `WorkflowUnavailable`, and
 * `VersionConflict` where somebody lifts it just now.
 */
export const settleLockdown = async (
  { lockdownId }: { lockdownId: string },
  ports: SettleLockdownPorts,
): Promise<boolean> => {
  if ((await ports.lockdowns.get(lockdownId))?.status !== 'in-force') return false;
  if ((await ports.workflows.status('lockdown', lockdownId)) === 'running') return false;
  const failed = await tryFailedAgain(lockdownId, ports);
  const found = await endWhatIsLeft(lockdownId, ports);
  await finishLockdown({ lockdownId }, ports);
  return failed || found;
};

/** Each by itself: what one of them cannot do says nothing of the others. */
const tryFailedAgain = async (lockdownId: string, ports: SettleLockdownPorts): Promise<boolean> => {
  const failed = (await ports.lockdowns.hits(lockdownId)).filter(({ outcome }) => outcome === 'failed');
  for (const { subject } of failed) await endOrReport(lockdownId, [subjectText(subject)], ports);
  return failed.length > 0;
};

const endWhatIsLeft = async (lockdownId: string, ports: SettleLockdownPorts): Promise<boolean> => {
  for (let any = false; ; any = true) {
    const { slices } = await findLocked({ lockdownId }, ports);
    if (slices.length === 0) return any;
    for (const slice of slices) await endOrReport(lockdownId, slice, ports);
  }
};

const endOrReport = async (
  lockdownId: string,
  subjects: readonly string[],
  ports: SettleLockdownPorts,
): Promise<void> => {
  try {
    await revokeLocked({ lockdownId, subjects }, ports);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await reportLockedFailure({ lockdownId, subjects, error: reason }, ports);
  }
};
