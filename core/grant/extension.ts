import { addSec, laterOf, msOf } from '#core/instant.ts';
import type { Ask, Decision } from '#core/policy/decision.ts';
import { type Change, changed, type Fact } from '#core/request/change.ts';
import type { AccessRequest, Extension, ExtensionIn, Grant, LiveRequest, Vote } from '#core/request/request.ts';
import type { ExtensionEvent } from '#events/events.ts';

type Waiting = ExtensionIn<'waiting'>;
export type Standing = Extension['status'] | 'lapsed';

/**
 * A grant is asked about again and again by a loop, not by a person; and all of them have to fit into one database
 * item.
 */
export const mostExtensions = 20;

/** How long the window is now, from its start. */
export const windowSec = ({ grant }: LiveRequest): number => (msOf(grant.endsAt) - msOf(grant.startsAt)) / 1000;

/** Where a window that is so long in all ends. */
export const endAfter = ({ startsAt }: Pick<Grant, 'startsAt'>, durationSec: number): string =>
  addSec(startsAt, durationSec);

/**
 * What an extension by so many seconds is, as an ask: the whole window, so that the entitlement's limits are the
 * grant's.
 */
export const askOf = (request: LiveRequest, { bySec, reason }: { bySec: number; reason: string }): Ask => ({
  personId: request.personId,
  entitlementId: request.entitlementId,
  durationSec: windowSec(request) + bySec,
  reason,
  ...(request.ticket !== undefined && { ticket: request.ticket }),
});

/** The one that waits for votes. */
export const waitingExtension = (request: LiveRequest): Waiting | undefined =>
  request.extensions?.find((extension) => extension.status === 'waiting');

export const extensionById = (request: Pick<LiveRequest, 'extensions'>, id: string): Extension | undefined =>
  request.extensions?.find((extension) => extension.id === id);

/** How it stands: one that waits lapses with its grant, and nothing is written for that. */
export const standing = ({ status }: Pick<AccessRequest, 'status'>, extension: Extension): Standing =>
  extension.status === 'waiting' && status !== 'active' ? 'lapsed' : extension.status;

/** Asked for and not refused: it waits for votes or, where none are needed, the window's end moves at once. */
export const askExtension = (
  request: LiveRequest,
  { id, ask, decision, at }: { id: string; ask: Ask; decision: Decision; at: string },
): Change<LiveRequest> => {
  const { durationSec, reason } = ask;
  const { trace, ...kept } = decision;
  // The audit alone keeps the trace: it is most of an extension, and every change of the grant writes all of them
  // again.
  const asked = { id, durationSec, reason, askedAt: at, decision: { ...kept, trace: [] }, votes: [] };
  const detail = { durationSec, reason, policyDigest: kept.policyDigest, verdict: kept.verdict, trace };
  const by = request.personId;
  return decision.verdict === 'allowed'
    ? withEnd(request, { ...asked, status: 'granted', answeredAt: at }, { at, by, detail })
    : withIt(request, { ...asked, status: 'waiting' }, { name: 'extension.asked', at, by, detail });
};

/** One more approval. `enough` says whether the policy, asked again, is satisfied by the votes including this one. */
export const approveExtension = (
  request: LiveRequest,
  waiting: Waiting,
  vote: Vote,
  enough: boolean,
): Change<LiveRequest> => {
  const voted = { ...waiting, votes: [...waiting.votes, vote] };
  const what = { at: vote.at, by: vote.personId, detail: { verdict: vote.verdict } };
  return enough
    ? withEnd(request, { ...voted, status: 'granted', answeredAt: vote.at }, what)
    : withIt(request, voted, { name: 'vote.cast', ...what });
};

/** One approver's no ends it. The grant goes on to the end it has. */
export const denyExtension = (
  request: LiveRequest,
  waiting: Waiting,
  vote: Vote & { reason: string },
): Change<LiveRequest> => {
  const { at, personId: by, reason, verdict } = vote;
  const votes = [...waiting.votes, vote];
  return withIt(
    request,
    { ...waiting, votes, status: 'denied', answeredAt: at, deniedBy: by, deniedReason: reason },
    { name: 'extension.denied', at, by, detail: { verdict, reason } },
  );
};

type What = Pick<Fact, 'at' | 'by' | 'detail'>;

const withIt = (
  request: LiveRequest,
  extension: Extension,
  { detail, ...fact }: What & { name: ExtensionEvent['name'] },
): Change<LiveRequest> => {
  const others = (request.extensions ?? []).filter(({ id }) => id !== extension.id);
  const extensionId = extension.id;
  return changed<LiveRequest>(
    request,
    { ...request, extensions: [...others, extension] },
    { ...fact, extensionId, detail: { extensionId, ...detail } },
  );
};

/** The window's new end is counted from its start; it is never before the one it has. */
const withEnd = (request: LiveRequest, extension: ExtensionIn<'granted'>, what: What): Change<LiveRequest> => {
  const { startsAt, endsAt } = request.grant;
  const grant = { startsAt, endsAt: laterOf(endAfter(request.grant, extension.durationSec), endsAt) };
  return withIt({ ...request, grant }, extension, {
    name: 'grant.extended',
    ...what,
    detail: { ...what.detail, endsAt: grant.endsAt },
  });
};
