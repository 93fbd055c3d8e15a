import { mayRevoke } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { LiveRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { judgeAsk, roomOf } from './ask-extension.ts';

/** A grant that can be extended: how long it may be in all, and by how much at most. Both in seconds. */
export type ExtensionPreview = { request: LiveRequest; mostSec: number; leftSec: number };

/**
 * Whether this person may ask for more time now: looked at before they are made to fill in a form. Nothing is saved, and what
 * they ask for then is judged anew. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const previewExtension = async (
  { requestId, personId }: { requestId: string; personId: string },
  ports: Pick<Ports, 'clock' | 'policy' | 'requests' | 'lockdowns'>,
): Promise<Outcome<ExtensionPreview>> => {
  const [policy, { lockdowns }, request] = await Promise.all([
    ports.policy.current(),
    ports.lockdowns.register(),
    ports.requests.get(requestId),
  ]);
  if (!request) return notFound('request');
  if (request.personId !== personId) {
    if (!mayRevoke(policy, request, personId)) return notFound('request');
    const whose = nameOf(policy, request.personId);
    return refuse('not-allowed', `This grant is not yours but ${whose}’s.`, `Only ${whose} can ask for more time.`);
  }
  // The least that could be asked for, with a reason: what is refused now would be refused however it is filled in.
  const judged = judgeAsk({ policy, lockdowns }, request, { bySec: 1, reason: 'not given yet' }, ports.clock.nowMs());
  if ('ok' in judged) return judged;
  const room = roomOf(policy, judged.request);
  return room ? done({ request: judged.request, ...room }) : notFound('request');
};
