import { done, notFound, type Outcome } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { isVisible } from '#core/request/visible.ts';
import type { Ports } from '#ports/ports.ts';

/** One request, for its requester and for those who may approve it. Throws `StoreUnavailable`. */
export const readRequest = async (
  { requestId, personId }: { requestId: string; personId: string },
  ports: Pick<Ports, 'policy' | 'requests'>,
): Promise<Outcome<AccessRequest>> => {
  const [policy, request] = await Promise.all([ports.policy.current(), ports.requests.get(requestId)]);
  return request && isVisible(policy, request, personId) ? done(request) : notFound('request');
};
