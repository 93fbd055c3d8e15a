import type { Ports } from '#ports/ports.ts';
import type { Gate } from '#ports/workflows.ts';
import { openIfDue } from './open-gate.ts';

/**
 * Keeps the task token with which an execution waits, and opens the gate at once if somebody came for it before the
 * token was there. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`.
 */
export const holdGate = async (
  { name, gate, taskToken, until }: { name: string; gate: Gate; taskToken: string; until?: string | undefined },
  ports: Pick<Ports, 'taskTokens' | 'requests' | 'alerts' | 'workflows' | 'log'>,
): Promise<void> => {
  const wait = { taskToken, ...(until !== undefined && { until }) };
  if (await ports.taskTokens.keep(name, gate, wait)) await openIfDue({ name, gate, wait }, ports);
};
