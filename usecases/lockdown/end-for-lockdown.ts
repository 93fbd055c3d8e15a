import { beginEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import type { Outcome } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';

/**
 * Stops the minting of a grant that stands under a lockdown, in the name of who locked down. Twice is nothing. Throws
 * `StoreUnavailable`.
 */
export const endForLockdown = (
  { requestId, by }: { requestId: string; by: string },
  ports: ChangePorts & Pick<Ports, 'clock'>,
): Promise<Outcome<AccessRequest>> =>
  changeRequest(
    requestId,
    (request) =>
      request.status === 'active'
        ? { change: beginEnd(request, { reason: 'lockdown', at: toIso(ports.clock.nowMs()), by }) }
        : { keep: request },
    ports,
  );
