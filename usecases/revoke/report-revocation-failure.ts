import { failEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';

/**
 * Makes it visible that a grant's sessions could not be revoked; the sweeper goes on trying. Throws `StoreUnavailable`.
 */
export const reportRevocationFailure = async (
  { requestId, error }: { requestId: string; error: string },
  ports: ChangePorts & Pick<Ports, 'clock' | 'log'>,
): Promise<void> => {
  ports.log.error('A grant has ended and its sessions could not be revoked.', { requestId, error });
  await changeRequest(
    requestId,
    (request) =>
      request.status === 'ending' ? { change: failEnd(request, error, toIso(ports.clock.nowMs())) } : { keep: request },
    ports,
  );
};
