import type { Rules } from '#core/lockdown/gate.ts';
import { stillAllowed } from '#core/policy/decide.ts';
import { type Change, changed } from '#core/request/change.ts';
import type { AccessRequest, LiveRequest, Vote } from '#core/request/request.ts';
import { withStruck } from '#core/request/strike.ts';

/** The request itself, or an extension of its grant: each has votes of its own. */
type Part = Pick<AccessRequest, 'durationSec' | 'reason' | 'votes'>;

const isShort = ({ policy, lockdowns }: Rules, request: LiveRequest, part: Part): boolean => {
  const { durationSec, reason, votes } = part;
  const allowed = stillAllowed(policy, { ...request, durationSec, reason, votes, extensions: [] }, lockdowns);
  return !allowed.ok && allowed.freshVote === true;
};

const partsOf = (request: LiveRequest): readonly Part[] => [
  request,
  ...(request.extensions ?? []).filter(({ status }) => status === 'granted'),
];

/** What a live grant rests on and lacks votes for, since some no longer count. */
export const shortParts = (rules: Rules, request: LiveRequest): readonly Part[] =>
  partsOf(request).filter((part) => isShort(rules, request, part));

/** Nothing is minted under it until somebody else has approved it, and nothing but that is in the way. */
export const isShortOfVotes = ({ policy, lockdowns }: Rules, request: LiveRequest): boolean => {
  const allowed = stillAllowed(policy, request, lockdowns);
  return !allowed.ok && allowed.freshVote === true;
};

/** One fresh approval of a live grant counts wherever it lacks one. Its end stays as it is. */
export const voteAgain = (rules: Rules, request: LiveRequest, vote: Vote, at: string): Change<LiveRequest> => {
  const short = shortParts(rules, request);
  const takes = (part: Part): boolean =>
    short.includes(part) && !part.votes.some(({ personId, struck }) => personId === vote.personId && !struck);
  const voted = <P extends Part>(part: P): P => (takes(part) ? { ...part, votes: [...part.votes, vote] } : part);
  const { extensions } = request;
  const next = { ...voted(request), ...(extensions && { extensions: extensions.map(voted) }) };
  return changed<LiveRequest>(request, withStruck(next, rules.lockdowns, at), {
    name: 'vote.cast',
    at: vote.at,
    by: vote.personId,
    detail: { verdict: vote.verdict, fresh: true },
  });
};
