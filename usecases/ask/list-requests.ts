import { waitingExtension } from '#core/grant/extension.ts';
import { mayApprove } from '#core/policy/decide.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import { isVisible } from '#core/request/visible.ts';
import type { Ports } from '#ports/ports.ts';
import { ofPerson, openRequestsOf } from './open-requests.ts';

type Listed = {
  /** A person's own requests, newest first: all that are open, and the newest of the rest. */
  mine: AccessRequest[];
  /** The requests that wait for this person's vote, newest first. */
  waitingForMe: AccessRequest[];
  /** Whether there may be more of them than these. */
  moreWait: boolean;
  /** The grants of which an extension does. */
  extensionsForMe: LiveRequest[];
};

type ListPorts = Pick<Ports, 'clock' | 'policy' | 'requests'>;

/** Of those that wait for one person, and of those that are looked through for them. */
const most = { waiting: 50, pages: 10, onPage: 100 };

/**
 * What a person has, and what waits for their answer. Of a flood of requests only the newest are looked through, page
 * by page, until there are enough of them: `enough` and one more. Throws `StoreUnavailable`.
 */
export const listRequests = async (
  { personId, enough = most.waiting }: { personId: string; enough?: number },
  ports: ListPorts,
): Promise<Listed> => {
  const policy = await ports.policy.current();
  const canAnswer = (request: AccessRequest, votes: AccessRequest['votes']): boolean =>
    mayApprove(policy, request, personId) && !votes.some((vote) => vote.personId === personId);
  const statuses = ['pending', 'approved', 'active', 'ending'] as const;
  const [newest, open, waiting, active] = await Promise.all([
    ports.requests.ofPerson(personId),
    openRequestsOf({ personId, statuses }, ports),
    waitingFor((request) => canAnswer(request, request.votes), enough, ports),
    ports.requests.withStatus('active'),
  ]);
  const mine = ofPerson(personId, [...newest, ...open]);
  return {
    mine: mine.filter((request) => isVisible(policy, request, personId)),
    ...waiting,
    extensionsForMe: active.filter((request): request is LiveRequest => {
      const waiting = request.status === 'active' ? waitingExtension(request) : undefined;
      return waiting !== undefined && canAnswer(request, waiting.votes);
    }),
  };
};

const waitingFor = async (
  isTheirs: (request: AccessRequest) => boolean,
  enough: number,
  { requests }: ListPorts,
): Promise<Pick<Listed, 'waitingForMe' | 'moreWait'>> => {
  const found: AccessRequest[] = [];
  let before: string | undefined;
  for (let page = 0; page < most.pages; page++) {
    // A first look that is enough for most people costs no more than what it shows.
    const limit = page === 0 ? enough + 1 : most.onPage;
    const some = await requests.withStatus('pending', { limit, before });
    found.push(...some.filter(isTheirs));
    if (found.length > enough) break;
    if (some.length < limit) return { waitingForMe: found, moreWait: false };
    before = some.at(-1)?.id;
  }
  return { waitingForMe: found.slice(0, enough), moreWait: true };
};
