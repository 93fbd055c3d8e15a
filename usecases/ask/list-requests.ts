import { waitingExtension } from '#core/grant/extension.ts';
import { mayApprove } from '#core/policy/decide.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import { isVisible } from '#core/request/visible.ts';
import type { Ports } from '#ports/ports.ts';
import { openRequestsOf } from './open-requests.ts';

/** Where each list goes on: behind this request. A list without one has ended. */
export type Place = { readonly [List in 'mine' | 'waiting' | 'extensions']?: string | undefined };

type Listed = {
  /** A person's own requests, newest first: on the first page all that are open, and the newest of the rest. */
  mine: AccessRequest[];
  /** The requests that wait for this person's vote, newest first. */
  waitingForMe: AccessRequest[];
  /** The grants of which an extension does, newest first. */
  extensionsForMe: LiveRequest[];
  /** Where there may be more of each. */
  next: Place;
};

type ListPorts = Pick<Ports, 'clock' | 'policy' | 'requests'>;

/** On a page, and of those that are looked through for it. */
const most = { onPage: 50, looks: 10, inLook: 100 };

const openStatuses = ['pending', 'approved', 'active', 'ending'] as const;

/**
 * What a person has, and what waits for their answer, page by page: the first, or the one `from` which another left
 * off. Of a flood of requests a page looks through a thousand at most, until there are enough for it: `enough` of those
 * that wait, and one more. Throws `StoreUnavailable`.
 */
export const listRequests = async (
  { personId, enough = most.onPage, from }: { personId: string; enough?: number; from?: Place },
  ports: ListPorts,
): Promise<Listed> => {
  const policy = await ports.policy.current();
  const canAnswer = (request: AccessRequest, votes: AccessRequest['votes']): boolean =>
    mayApprove(policy, request, personId) && !votes.some((vote) => vote.personId === personId);
  const mayGrantMore = (request: AccessRequest): request is LiveRequest => {
    const waiting = request.status === 'active' ? waitingExtension(request) : undefined;
    return waiting !== undefined && canAnswer(request, waiting.votes);
  };
  const isAsked = (request: AccessRequest): request is AccessRequest => canAnswer(request, request.votes);
  const isSeen = (request: AccessRequest): request is AccessRequest => isVisible(policy, request, personId);
  const { requests } = ports;
  const look = <T extends AccessRequest>(
    list: keyof Place,
    isTheirs: (request: AccessRequest) => request is T,
    read: (limit: number, before: string | undefined) => Promise<AccessRequest[]>,
    atMost = enough,
  ): Promise<Looked<T>> | Looked<T> =>
    from !== undefined && from[list] === undefined
      ? { found: [] }
      : lookThrough(read, isTheirs, { enough: atMost, before: from?.[list] });
  const [mine, open, waiting, extended] = await Promise.all([
    look('mine', isSeen, (limit, before) => requests.ofPerson(personId, limit, before), most.onPage),
    from === undefined ? openRequestsOf({ personId, statuses: openStatuses }, ports) : [],
    look('waiting', isAsked, (limit, before) => requests.withStatus('pending', { limit, before })),
    look('extensions', mayGrantMore, (limit, before) => requests.withStatus('active', { limit, before })),
  ]);
  const next = { mine: mine.next, waiting: waiting.next, extensions: extended.next };
  return {
    mine: eachOnce([...mine.found, ...open.filter(isSeen)]),
    waitingForMe: waiting.found,
    extensionsForMe: extended.found,
    next: Object.fromEntries(Object.entries(next).filter(([, behind]) => behind !== undefined)),
  };
};

const eachOnce = (all: readonly AccessRequest[]): AccessRequest[] =>
  [...new Map(all.map((request) => [request.id, request])).values()].sort((a, b) => (a.id < b.id ? 1 : -1));

type Looked<T> = { found: T[]; next?: string | undefined };

const lookThrough = async <T extends AccessRequest>(
  read: (limit: number, before: string | undefined) => Promise<AccessRequest[]>,
  isTheirs: (request: AccessRequest) => request is T,
  { enough, before }: { enough: number; before: string | undefined },
): Promise<Looked<T>> => {
  const found: T[] = [];
  let behind = before;
  for (let look = 0; look < most.looks; look++) {
    // A first look that is enough for most people costs no more than what it shows.
    const limit = look === 0 ? enough + 1 : most.inLook;
    const some = await read(limit, behind);
    found.push(...some.filter(isTheirs));
    if (found.length > enough) return { found: found.slice(0, enough), next: found[enough - 1]?.id };
    if (some.length < limit) return { found };
    behind = some.at(-1)?.id;
  }
  return { found, next: behind };
};
