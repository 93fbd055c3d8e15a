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

/** Each once: a vote that cannot be struck now is found again and again, and waits for the next sweep. */
const endWhatIsLeft = async (lockdownId: string, ports: SettleLockdownPorts): Promise<boolean> => {
  const tried = new Set<string>();
  for (;;) {
    const { slices } = await findLocked({ lockdownId }, ports);
    const left = slices
      .map((slice) => slice.filter((subject) => !tried.has(subject)))
      .filter((slice) => slice.length > 0);
    if (left.length === 0) return tried.size > 0;
    for (const slice of left) {
      for (const subject of slice) tried.add(subject);
      await endOrReport(lockdownId, slice, ports);
    }
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
