import { waitingExtension } from '#core/grant/extension.ts';
import { mayApprove } from '#core/policy/decide.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import { isVisible } from '#core/request/visible.ts';
import type { Ports } from '#ports/ports.ts';
import { ofPerson } from './open-requests.ts';

type Listed = {
  /** A person's own requests, newest first: all that are open, and the newest of the rest. */
  mine: AccessRequest[];
  /** The requests that wait for this person's vote. */
  waitingForMe: AccessRequest[];
  /** The grants of which an extension does. */
  extensionsForMe: LiveRequest[];
};

/** What a person has, and what waits for their answer. Throws `StoreUnavailable`. */
export const listRequests = async (
  { personId }: { personId: string },
  ports: Pick<Ports, 'policy' | 'requests'>,
): Promise<Listed> => {
  const [policy, newest, pending, active, approved, ending] = await Promise.all([
    ports.policy.current(),
    ports.requests.ofPerson(personId),
    ports.requests.withStatus('pending'),
    ports.requests.withStatus('active'),
    ports.requests.withStatus('approved'),
    ports.requests.withStatus('ending'),
  ]);
  const shown = new Set(newest.map(({ id }) => id));
  const older = [...pending, ...active, ...approved, ...ending].filter(({ id }) => !shown.has(id));
  const mine = ofPerson(personId, [...newest, ...older]);
  const canAnswer = (request: AccessRequest, votes: AccessRequest['votes']): boolean =>
    mayApprove(policy, request, personId) && !votes.some((vote) => vote.personId === personId);
  return {
    mine: mine.filter((request) => isVisible(policy, request, personId)),
    waitingForMe: pending.filter((request) => canAnswer(request, request.votes)),
    extensionsForMe: active.filter((request): request is LiveRequest => {
      const waiting = request.status === 'active' ? waitingExtension(request) : undefined;
      return waiting !== undefined && canAnswer(request, waiting.votes);
    }),
  };
};
