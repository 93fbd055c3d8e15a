import { graceMs } from '#usecases/revoke/grace.ts';
import { startLockdown } from '#usecases/workflow/start-workflow.ts';
import { type SettleLockdownPorts, settleLockdown } from './settle-lockdown.ts';

/**
 * Goes on with the lockdowns in force whose execution never began, failed, was stopped or has left something undone: a
 * grant that no index showed it, a deny that could not be written. Idempotent, and safe beside the workflow. Returns
 * the ids of those for which there was something to do.
 */
export const settleLockdowns = async (ports: SettleLockdownPorts): Promise<string[]> => {
  const mended: string[] = [];
  for (const { id, begunAt } of (await ports.lockdowns.register()).lockdowns) {
    if (ports.clock.nowMs() - Date.parse(begunAt) <= graceMs) continue;
    try {
      if ((await startIfAbsent(id, ports)) || (await settleLockdown({ lockdownId: id }, ports))) mended.push(id);
    } catch (error) {
      const facts = { lockdownId: id, error: error instanceof Error ? error.message : String(error) };
      ports.log.error('The sweeper could not go on with a lockdown; it will try again.', facts);
    }
  }
  return mended;
};

const startIfAbsent = async (lockdownId: string, ports: SettleLockdownPorts): Promise<boolean> => {
  if ((await ports.workflows.status('lockdown', lockdownId)) !== 'absent') return false;
  await startLockdown({ lockdownId }, ports);
  return true;
};
