import { type InForce, lockdownOfPerson } from '#core/lockdown/lockdown.ts';
import { type Change, changed, factsOf } from './change.ts';
import type { AccessRequest, RequestIn, Vote } from './request.ts';

/** Approvals of whoever is locked down are struck: they count no longer, also once the lockdown is lifted. */
export const struckVotes = (votes: readonly Vote[], lockdowns: readonly InForce[], at: string): readonly Vote[] =>
  votes.map((vote) => {
    if (vote.verdict !== 'approve' || vote.struck) return vote;
    const over = lockdownOfPerson(lockdowns, vote.personId);
    return over ? { ...vote, struck: { at, lockdownId: over.id } } : vote;
  });

type Voted = Pick<AccessRequest, 'votes' | 'extensions'>;

/** The same with what was granted beside it, or is asked for: those votes rest on the same people. */
export const withStruck = <R extends Voted>(request: R, lockdowns: readonly InForce[], at: string): R => ({
  ...request,
  votes: struckVotes(request.votes, lockdowns, at),
  ...(request.extensions && {
    extensions: request.extensions.map((extension) => ({
      ...extension,
      votes: struckVotes(extension.votes, lockdowns, at),
    })),
  }),
});

/** Whether an approval of this person counts on it. */
export const restsOn = ({ votes, extensions = [] }: Voted, personId: string): boolean =>
  [...votes, ...extensions.flatMap((extension) => extension.votes)].some(
    (vote) => vote.personId === personId && vote.verdict === 'approve' && !vote.struck,
  );

/** What is not over, and may rest on votes. */
type Open = RequestIn<'pending' | 'approved' | 'active'>;
export const mayBeStruck = (request: AccessRequest): request is Open =>
  request.status === 'pending' || request.status === 'approved' || request.status === 'active';

/** Undefined where nobody who is locked down approved it. */
export const strike = (request: Open, lockdowns: readonly InForce[], at: string): Change | undefined => {
  const gone = lockdowns.flatMap(({ scope }) =>
    scope.kind === 'person' && restsOn(request, scope.personId) ? scope.personId : [],
  );
  if (gone.length === 0) return undefined;
  return changed<AccessRequest>(request, withStruck(request, lockdowns, at), {
    name: 'votes.struck',
    at,
    detail: { of: gone },
  });
};

/** It had been approved by somebody who is locked down before its window could begin: it waits for votes again. */
export const waitAgain = (request: RequestIn<'approved'>, lockdowns: readonly InForce[], at: string): Change => {
  const facts = factsOf(withStruck(request, lockdowns, at));
  return changed(request, { ...facts, status: 'pending' }, { name: 'votes.struck', at });
};
