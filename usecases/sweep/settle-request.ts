import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { lapseRequest } from '#usecases/decide/lapse-request.ts';
import { graceMs } from '#usecases/revoke/grace.ts';
import { reportRevocationFailure } from '#usecases/revoke/report-revocation-failure.ts';
import { type RevokePorts, revokeSessions } from '#usecases/revoke/revoke-sessions.ts';

export type SettleRequestPorts = RevokePorts & Pick<Ports, 'workflows'>;

/**
 * Does for one request what its execution left undone when it failed, was stopped or timed out: nothing stays open past
 * its time, no grant goes on without an execution. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`.
 */
export const settleRequest = async ({ requestId }: { requestId: string }, ports: SettleRequestPorts): Promise<void> => {
  const request = await ports.requests.get(requestId);
  if (request) await settle(request, ports);
};

/** The same for a request as it was just read. Returns whether there was something to do. */
export const settle = async (request: AccessRequest, ports: SettleRequestPorts): Promise<boolean> => {
  const nowMs = ports.clock.nowMs();
  const since = (at: string): number => nowMs - Date.parse(at);
  switch (request.status) {
    case 'pending':
      return since(request.lapsesAt) > graceMs && lapseNow(request, ports);
    case 'approved':
      return since(request.approvedAt) > graceMs && revokeIfOver(request, ports);
    case 'active':
      return since(request.grant.endsAt) > graceMs ? revoke(request, ports) : revokeIfOver(request, ports);
    case 'ending':
      return since(request.end.at) > graceMs ? revoke(request, ports) : revokeIfOver(request, ports);
    default:
      return false;
  }
};

const lapseNow = async (request: AccessRequest, ports: SettleRequestPorts): Promise<boolean> => {
  await lapseRequest({ requestId: request.id }, ports);
  return true;
};

const revokeIfOver = async (request: AccessRequest, ports: SettleRequestPorts): Promise<boolean> =>
  (await ports.workflows.status('access-request', request.id)) === 'running' ? false : revoke(request, ports);

const revoke = async (request: AccessRequest, ports: SettleRequestPorts): Promise<boolean> => {
  try {
    await revokeSessions({ requestId: request.id }, ports);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await reportRevocationFailure({ requestId: request.id, error: reason }, ports);
  }
  return true;
};
