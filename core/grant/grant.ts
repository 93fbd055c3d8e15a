import { addMs, addSec, earlierOf, msOf } from '#core/instant.ts';
import type { InForce } from '#core/lockdown/lockdown.ts';
import { type Change, changed, factsOf } from '#core/request/change.ts';
import type {
  AccessRequest,
  ChainedEnd,
  GrantEnd,
  GrantedRequest,
  Interruption,
  LiveRequest,
  RequestIn,
} from '#core/request/request.ts';
import { type Reach, wasMintedBefore, withIntent, withResult } from './minted.ts';
import { type Issued, type Session, slowestAnswerMs } from './session.ts';

type Ending = RequestIn<'ending'>;
type Ended = RequestIn<'ended'>;

/** The window begins now and is as long as was asked for. */
export const activate = (request: RequestIn<'approved'>, at: string): Change<LiveRequest> => {
  const grant = { startsAt: at, endsAt: addSec(at, request.durationSec) };
  return changed<LiveRequest>(
    request,
    { ...factsOf(request), status: 'active', grant },
    { name: 'grant.activated', at, detail: grant },
  );
};

/** Whether the grant gives access at this instant: `[startsAt, endsAt)`. */
export const isLive = (request: AccessRequest, nowMs: number): request is LiveRequest =>
  request.status === 'active' && nowMs >= msOf(request.grant.startsAt) && nowMs < msOf(request.grant.endsAt);

/** From when on the grant gives no access: its end, or when it was ended before that. ISO 8601. */
export const accessEndsAt = (request: GrantedRequest): string =>
  'end' in request ? earlierOf(request.end.at, request.grant.endsAt) : request.grant.endsAt;

/**
 * Written before STS is called, so that no session can exist that is not on record, and that the grant's end does not
 * cover. `reach`: what may be left of it beside itself.
 */
export const intendSession = (
  request: LiveRequest,
  mintId: string,
  at: string,
  durationSec: number,
  reach?: Reach,
): Change<LiveRequest> & { session: Session } => {
  const session: Session = {
    mintId,
    requestId: request.id,
    personId: request.personId,
    intendedAt: at,
    // STS counts from when it answers, which is after `at`.
    expiresBy: addMs(at, durationSec * 1000 + slowestAnswerMs),
    durationSec,
  };
  const change = changed<LiveRequest>(
    request,
    { ...request, minted: withIntent(request.minted, session, reach) },
    { name: 'session.intended', at, by: request.personId, detail: { mintId } },
  );
  return { ...change, session, sessions: [session] };
};

/** Written after STS answered. The grant may have ended meanwhile; the record is kept all the same. */
export const recordSession = <R extends GrantedRequest>(
  request: R,
  intended: Session,
  issued: Issued,
  at: string,
): Change<R> => {
  const session = { ...intended, issued, expiresBy: issued.expiresAt };
  const { mintId } = session;
  const minted = request.minted ? { minted: withResult(request.minted, session) } : {};
  const change = changed<R>(
    request,
    { ...request, ...minted },
    { name: 'session.minted', at, by: request.personId, detail: { mintId, ...issued } },
  );
  return { ...change, sessions: [session] };
};

/**
 * The whole role was revoked, because its ledger ran over or a person said so, and that ended live sessions of this
 * grant: its holder is told. Undefined where no session of the grant is touched, or where it was told before.
 */
export const interrupt = (
  request: LiveRequest,
  { cause, ...interrupted }: Interruption & { cause: string },
  at: string,
): Change<LiveRequest> | undefined => {
  const { issuedBefore } = interrupted;
  const touched = wasMintedBefore(request.minted, issuedBefore, msOf(at));
  if (!touched || (request.interrupted?.issuedBefore ?? '') >= issuedBefore) return undefined;
  const told = { ...request, interrupted };
  return changed<LiveRequest>(request, told, { name: 'grant.interrupted', at, detail: { issuedBefore, cause } });
};

/** How a grant ends that stands under a lockdown: in the name of who locked down. */
export const lockdownEnd = ({ id, begunBy }: Pick<InForce, 'id' | 'begunBy'>, at: string): GrantEnd => ({
  reason: 'lockdown',
  at,
  by: begunBy,
  lockdownId: id,
});

/** From here on nothing is minted. The sessions that exist still have to be revoked. */
export const beginEnd = (request: LiveRequest, end: GrantEnd): Change<Ending> =>
  changed<Ending>(
    request,
    { ...factsOf(request), status: 'ending', grant: request.grant, end },
    { name: 'grant.ending', at: end.at, ...(end.by !== undefined && { by: end.by }), detail: { reason: end.reason } },
  );

/** The sessions are dead, and that was verified. */
export const finishEnd = (
  request: Ending,
  how: Ended['how'],
  at: string,
  onward: readonly ChainedEnd[] = [],
): Change<Ended> => {
  const chained = onward.length === 0 ? {} : { chained: onward };
  return changed<Ended>(
    request,
    { ...factsOf(request), status: 'ended', grant: request.grant, end: request.end, verifiedAt: at, how, ...chained },
    { name: 'grant.ended', at, detail: { how, ...chained } },
  );
};

/** The deny could not be put in force. The grant stays `ending`, visibly, until it holds. */
export const failEnd = (request: Ending, error: string, at: string): Change<Ending> =>
  changed<Ending>(
    request,
    {
      ...request,
      failure: { since: request.failure?.since ?? at, attempts: (request.failure?.attempts ?? 0) + 1, error },
    },
    { name: 'grant.revocation-failed', at, detail: { error } },
  );
