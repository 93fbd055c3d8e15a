import { beginEnd } from '#core/grant/grant.ts';
import type { Outcome } from '#core/refusal.ts';
import type { AccessRequest, GrantEnd } from '#core/request/request.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';

/**
 * Stops the minting of a grant that stands under a lockdown, with its `lockdownEnd`. Twice is nothing. Throws
 * `StoreUnavailable`.
 */
export const endForLockdown = (
  { requestId, end }: { requestId: string; end: GrantEnd },
  ports: ChangePorts,
): Promise<Outcome<AccessRequest>> =>
  changeRequest(
    requestId,
    (request) => (request.status === 'active' ? { change: beginEnd(request, end) } : { keep: request }),
    ports,
  );
