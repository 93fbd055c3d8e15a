import { beginEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import { barred } from '#core/lockdown/gate.ts';
import { mayRevoke } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import { notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, changeRequest } from '#usecases/change-request.ts';

type End = {
  requestId: string;
  personId: string;
  reason: 'done' | 'revoked';
  /** They have its card before them, so that whose it is tells them nothing. */
  onCard?: boolean;
};

/**
 * Ends a live grant: nothing is minted from here on, and `grant.ending` lets the workflow revoke its sessions.
 * `done` is the requester's, `revoked` that of those whom the policy allows. Ending one that is ending only
 * publishes what the first end could not.
 * Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const endGrant = async (
  { requestId, personId, reason, onCard = false }: End,
  ports: ChangePorts & Pick<Ports, 'clock' | 'policy' | 'lockdowns'>,
): Promise<Outcome<AccessRequest>> => {
  const [policy, known, lockdowns] = await Promise.all([
    ports.policy.current(),
    ports.requests.get(requestId),
    // One's own is ended whatever is locked down.
    reason === 'done' ? [] : ports.lockdowns.register().then((register) => register.lockdowns),
  ]);
  return changeRequest(
    requestId,
    (request) => {
      const own = request.personId === personId;
      if (reason === 'done' && !own) {
        if (!onCard || !mayRevoke(policy, request, personId)) return notFound('request');
        const whose = nameOf(policy, request.personId);
        return refuse('not-allowed', `This grant is not yours but ${whose}’s.`, { do: 'revoke', requestId });
      }
      if (reason === 'revoked' && !own && !mayRevoke(policy, request, personId)) {
        return refuse(
          'not-allowed',
          `You cannot revoke grants of ${request.entitlementId}.`,
          'Ask one of its approvers to do it.',
        );
      }
      const mayNot = barred({ policy, lockdowns }, personId, own ? 'end-own' : 'act');
      if (mayNot) return mayNot;
      if (request.status === 'ending') return { keep: request, again: true };
      if (request.status === 'ended') {
        return refuse('not-live', 'This grant has ended already.', 'Nothing more is needed.');
      }
      if (request.status !== 'active') {
        return refuse(
          'not-live',
          `There is no live grant to end: this request is ${request.status}.`,
          request.status === 'pending' || request.status === 'approved'
            ? { do: 'cancel', requestId }
            : 'There is nothing to do.',
        );
      }
      return { change: beginEnd(request, { reason, at: toIso(ports.clock.nowMs()), by: personId }) };
    },
    ports,
    { known },
  );
};
