import { whyNotClosed } from '#local/aws/dynamodb/closed-engine.ts';
import type { Log } from '#ports/log.ts';

/**
 * Whether the database can be closed to everybody else on this machine. Throws where it cannot and nobody answers for
 * the machine: the engine checks no signature, so whoever reaches it can write themselves a grant.
 */
export const closedDatabase = (
  { trustMachine }: { trustMachine: boolean },
  log: Log,
  reason: string | undefined = whyNotClosed(),
): boolean => {
  if (reason === undefined) return true;
  if (!trustMachine) {
    throw new Error(
      `The database cannot be closed to other users of this machine (${reason}). Allow user namespaces (kernel.unprivileged_userns_clone, or the AppArmor rule for them), or give the node a virtual machine or container of its own in which nothing else runs and start it with --trust-machine.`,
    );
  }
  log.warn('The database is open to every user and program of this machine, as --trust-machine says it may be.', {
    because: reason,
  });
  return false;
};
