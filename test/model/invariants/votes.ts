import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, Vote } from '#core/request/request.ts';
import type { World } from '../world.ts';

type Ballot = { what: string; votes: readonly Vote[]; allowed: boolean };

const wasAllowed = new Set(['approved', 'active', 'ending', 'ended']);

/** What people voted on, and whether it came to be: the request, and each extension of its grant. */
export const ballotsOf = (request: AccessRequest): Ballot[] => [
  { what: request.id, votes: request.votes, allowed: wasAllowed.has(request.status) },
  ...(request.extensions ?? []).map(({ id, votes, status }) => ({
    what: `${request.id}, extension ${id},`,
    votes,
    allowed: status === 'granted',
  })),
];

/** How many approvals it takes, and whose count. */
export const approvalOf = (
  policy: Policy,
  { entitlementId }: AccessRequest,
): { needed: number; may: readonly string[] } => {
  const approval = policy.entitlements.find(({ id }) => id === entitlementId)?.approval;
  if (approval?.kind !== 'votes') return { needed: 0, may: [] };
  return { needed: approval.count, may: approval.groups.flatMap((group) => policy.groups[group] ?? []) };
};

/** Who was locked down, and is, since before this step. */
const lockedSince = ({ memory, observed }: World, step: number): Set<string> =>
  new Set(
    memory.register.lockdowns.flatMap(({ id, scope }) =>
      scope.kind === 'person' && (observed.lockedAt.get(id) ?? observed.step) < step ? scope.personId : [],
    ),
  );

/** The steps at which votes were struck, by the place of each on its ballot. */
export const noteStruck = ({ observed }: World, request: AccessRequest): void => {
  for (const { what, votes } of ballotsOf(request)) {
    votes.forEach(({ struck }, index) => {
      const key = `${what} ${index}`;
      if (struck && !observed.struck.has(key)) observed.struck.set(key, observed.step);
    });
  }
};

/**
 * What V1 says of whoever opens something or hands something out, having asked at this step who is locked down. Of all
 * that was allowed, or of that alone which `which` names.
 */
export const restsOnLocked = (
  world: World,
  request: AccessRequest,
  step: number,
  which: (ballot: Ballot) => boolean = ({ allowed }) => allowed,
): string | undefined => {
  const locked = lockedSince(world, step);
  const { needed } = approvalOf(world.policy, request);
  for (const { what, votes } of ballotsOf(request).filter(which)) {
    const counting = votes.filter(
      ({ personId, verdict }, index) =>
        verdict === 'approve' &&
        !locked.has(personId) &&
        (world.observed.struck.get(`${what} ${index}`) ?? step) >= step,
    );
    const approvers = new Set(counting.map(({ personId }) => personId)).size;
    if (approvers < needed) return `${what} has ${approvers} of ${needed} approvals of people who are not locked down`;
  }
  return undefined;
};

/**
 * V1: no process that began under a lockdown of a person approves, activates or extends anything by that person's
 * votes, and no credentials that STS issued under it are handed out by them; nor by a vote that was struck, whoever
 * lifted what since.
 */
export const v1 = ({ observed }: World): string | undefined => observed.carried;

const open: ReadonlySet<string> = new Set(['pending', 'approved', 'active']);

/**
 * V2: once its execution is over and a sweep that nothing disturbed has gone over the lockdown of a person, no vote of
 * theirs counts on anything that is open: it is struck for good. Granted: as L1, while anybody is in the middle of
 * anything.
 */
export const v2 = ({ memory, observed, lot }: World): string | undefined => {
  if (lot.parked().length > 0) return undefined;
  for (const { id, scope } of memory.register.lockdowns) {
    if (scope.kind !== 'person' || !observed.lockdownsSwept.has(id)) continue;
    for (const request of memory.requests.values()) {
      if (!open.has(request.status)) continue;
      const found = ballotsOf(request).find(({ votes }) =>
        votes.some((vote) => vote.personId === scope.personId && vote.verdict === 'approve' && !vote.struck),
      );
      if (found) return `${found.what} still rests on ${scope.personId}, whom ${id} locked down`;
    }
  }
  return undefined;
};
