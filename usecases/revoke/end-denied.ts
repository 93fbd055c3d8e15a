import { beginEnd, finishEnd } from '#core/grant/grant.ts';
import { coveredUntil } from '#core/grant/minted.ts';
import { toIso } from '#core/instant.ts';
import type { AccessRequest, GrantEnd, RequestIn } from '#core/request/request.ts';
import { endChain } from '#usecases/chain/revoke-chain.ts';
import { untilSaved } from '#usecases/change.ts';
import { endForLockdown } from '#usecases/lockdown/end-for-lockdown.ts';
import type { Denied } from './deny-grants.ts';
import { type RevokePorts, recordTime, revokeSessions } from './revoke-sessions.ts';

/**
 * Ends a grant whose sessions are denied already: both steps are saved, then both are told, so that its workflow finds
 * it ended and has nothing left to write. Sessions that went on to further roles are denied there in between: whoever
 * records one later finds the grant ending. A grant with a session that came on record since the deny goes the usual
 * way. Idempotent. Throws what `revokeSessions` throws.
 */
export const endDenied = (
  { requestId, how, coversUntil, end }: Denied & { end: GrantEnd },
  ports: RevokePorts,
): Promise<AccessRequest> =>
  untilSaved(async () => {
    const request = await ports.requests.get(requestId);
    if (!request || !isGranted(request) || (coveredUntil(request.minted) ?? '') > coversUntil) {
      await endForLockdown({ requestId, end }, ports);
      return revokeSessions({ requestId }, ports);
    }
    return endNow(request, how, end, ports);
  });

type Granted = RequestIn<'active' | 'ending'>;
const isGranted = (request: AccessRequest): request is Granted =>
  request.status === 'active' || request.status === 'ending';

const endNow = async (
  request: Granted,
  how: Denied['how'],
  end: GrantEnd,
  ports: RevokePorts,
): Promise<RequestIn<'ended'>> => {
  const began = request.status === 'active' ? beginEnd(request, end) : undefined;
  if (began) await ports.requests.save(began);
  const events = [...(began?.events ?? [])];
  try {
    const ending = began ? began.request : (request as RequestIn<'ending'>);
    const chained = await endChain(ending, ports);
    const finished = finishEnd(ending, how, toIso(ports.clock.nowMs()), chained);
    await ports.requests.save(finished);
    events.push(...finished.events);
    if (finished.request.status === 'ended') recordTime(finished.request, ports);
    return finished.request;
  } finally {
    // Also where a further role could not be denied: its workflow hears that it is ending, and tries as well.
    await ports.outbox.publish(events);
  }
};
