import type { Ports } from '#ports/ports.ts';
import { graceMs } from '#usecases/revoke/grace.ts';
import { startLockdown } from '#usecases/workflow/start-workflow.ts';
import { findLocked } from './find-locked.ts';
import { finishLockdown } from './finish-lockdown.ts';
import { reportLockedFailure } from './report-locked-failure.ts';
import { type LockedPorts, revokeLocked } from './revoke-locked.ts';

export type SettleLockdownPorts = LockedPorts & Pick<Ports, 'workflows'>;

/**
 * Goes on with the lockdowns in force whose execution never began, failed, was stopped or has left something undone: a grant
 * that no index showed it, a deny that could not be written. Idempotent, and safe beside the workflow. Returns the ids of
 * those for which there was something to do.
 */
export const settleLockdowns = async (ports: SettleLockdownPorts): Promise<string[]> => {
  const mended: string[] = [];
  for (const { id, begunAt } of (await ports.lockdowns.register()).lockdowns) {
    if (ports.clock.nowMs() - Date.parse(begunAt) <= graceMs) continue;
    try {
      if (await settleLockdown({ lockdownId: id }, ports)) mended.push(id);
    } catch (error) {
      const facts = { lockdownId: id, error: error instanceof Error ? error.message : String(error) };
      ports.log.error('The sweeper could not go on with a lockdown; it will try again.', facts);
    }
  }
  return mended;
};

/** The same for one lockdown: after its execution failed, was stopped or timed out. */
export const settleLockdown = async (
  { lockdownId }: { lockdownId: string },
  ports: SettleLockdownPorts,
): Promise<boolean> => {
  const lockdown = await ports.lockdowns.get(lockdownId);
  if (lockdown?.status !== 'in-force') return false;
  const execution = await ports.workflows.status('lockdown', lockdownId);
  if (execution === 'running') return false;
  if (execution === 'absent') {
    await startLockdown({ lockdownId }, ports);
    return true;
  }
  const failed = await tryFailedAgain(lockdownId, ports);
  const found = await endWhatIsLeft(lockdownId, ports);
  await finishLockdown({ lockdownId }, ports);
  return failed || found;
};

/** Each by itself: what one of them cannot do says nothing of the others. */
const tryFailedAgain = async (lockdownId: string, ports: SettleLockdownPorts): Promise<boolean> => {
  const failed = (await ports.lockdowns.hits(lockdownId)).filter(({ outcome }) => outcome === 'failed');
  for (const { subject } of failed) await endOrReport(lockdownId, [subject], ports);
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
