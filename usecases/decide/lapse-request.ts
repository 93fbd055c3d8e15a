import { DaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { lapse } from '#core/request/waiting.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';

/**
 * Closes a request that nobody answered. A vote that was saved before counts: the request is returned as it is, and
 * `approved` means go on. Idempotent per request id. Throws `NotFound`, `StoreUnavailable`.
 */
export const lapseRequest = async (
  { requestId }: { requestId: string },
  ports: ChangePorts & Pick<Ports, 'clock'>,
): Promise<AccessRequest> => {
  const outcome = await changeRequest(
    requestId,
    (request) =>
      request.status === 'pending' ? { change: lapse(request, toIso(ports.clock.nowMs())) } : { keep: request },
    ports,
  );
  if (!outcome.ok) throw new DaypassError('NotFound', `There is no request ${requestId} to lapse.`);
  return outcome.value;
};
