import { mayApprove } from '#core/policy/decide.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { isVisible } from '#core/request/visible.ts';
import type { Ports } from '#ports/ports.ts';

/** A person's own requests, newest first, and the ones that wait for this person's vote. Throws `StoreUnavailable`. */
export const listRequests = async (
  { personId }: { personId: string },
  ports: Pick<Ports, 'policy' | 'requests'>,
): Promise<{ mine: AccessRequest[]; waitingForMe: AccessRequest[] }> => {
  const [policy, mine, pending] = await Promise.all([
    ports.policy.current(),
    ports.requests.ofPerson(personId),
    ports.requests.withStatus('pending'),
  ]);
  const waits = (request: AccessRequest): boolean =>
    mayApprove(policy, request, personId) && !request.votes.some((vote) => vote.personId === personId);
  return { mine: mine.filter((request) => isVisible(policy, request, personId)), waitingForMe: pending.filter(waits) };
};
