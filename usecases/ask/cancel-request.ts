import { toIso } from '#core/instant.ts';
import { notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { cancel } from '#core/request/waiting.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';

/** The requester takes a request back before it became a grant. Twice is once. Throws `StoreUnavailable`. */
export const cancelRequest = (
  { requestId, personId }: { requestId: string; personId: string },
  ports: ChangePorts & Pick<Ports, 'clock'>,
): Promise<Outcome<AccessRequest>> =>
  changeRequest(
    requestId,
    (request) => {
      if (request.personId !== personId) return notFound('request');
      if (request.status === 'cancelled') return { keep: request, again: true };
      if (request.status === 'pending' || request.status === 'approved') {
        return { change: cancel(request, toIso(ports.clock.nowMs())) };
      }
      return refuse(
        'already-decided',
        `This request cannot be cancelled: it is ${request.status}.`,
        request.status === 'active' ? { do: 'end', requestId } : 'There is nothing to do.',
      );
    },
    ports,
  );
