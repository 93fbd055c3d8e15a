import { durationInWords } from '#core/duration.ts';
import type { Judgement } from '#core/judgement.ts';
import type { Rules } from '#core/lockdown/gate.ts';
import { lockdownOver } from '#core/lockdown/lockdown.ts';
import { lockedDown } from '#core/lockdown/words.ts';
import { decide } from '#core/policy/decide.ts';
import type { Policy } from '#core/policy/policy.ts';
import { notFound, type Refused, refuse } from '#core/refusal.ts';
import type { Change } from '#core/request/change.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import { askExtension, askOf, extensionById, mostExtensions, waitingExtension, windowSec } from './extension.ts';
import { isLive } from './grant.ts';

export type MoreTime = {
  /** A ULID of the caller's; asking again with the same one is the same extension. */
  extensionId: string;
  personId: string;
  /** By how much, from the end that the grant has. Seconds. */
  bySec: number;
  reason: string;
};

/**
 * What an ask for more time makes of a grant at this instant (ISO 8601): the policy decides as on a request for the
 * whole window.
 */
export const judgeMoreTime = (
  { policy, lockdowns }: Rules,
  request: AccessRequest,
  order: MoreTime,
  at: string,
): Judgement<AccessRequest, Change> => {
  if (request.personId !== order.personId) return notFound('request');
  if (extensionById(request, order.extensionId)) return { keep: request, again: true };
  if (!isLive(request, Date.parse(at))) return notLive(request);
  const refused = waitsAlready(request) ?? tooLong(policy, request, order.bySec);
  if (refused) return refused;
  const over = lockdownOver(lockdowns, request);
  if (over) return lockedDown(policy, over, request.personId);
  const ask = askOf(request, order);
  const decision = decide(policy, ask, lockdowns);
  return decision.verdict === 'refused'
    ? refuse('refused-by-policy', decision.reasons.join(' '), 'The end of your grant stays as it is.')
    : { change: askExtension(request, { id: order.extensionId, ask, decision, at }) };
};

const notLive = (request: AccessRequest): Refused =>
  request.status === 'pending' || request.status === 'approved'
    ? refuse(
        'not-live',
        `Your request for ${request.entitlementId} is still ${request.status}.`,
        'It can be extended once it is live. To change how long it is, take it back and ask again.',
      )
    : refuse('not-live', `Your grant of ${request.entitlementId} is not live any more, so it cannot be extended.`, {
        do: 'ask',
        entitlementId: request.entitlementId,
      });

const waitsAlready = (request: LiveRequest): Refused | undefined => {
  if (waitingExtension(request)) {
    return refuse(
      'already-decided',
      `You have already asked to extend your grant of ${request.entitlementId}, and nobody has answered yet.`,
      'Wait for an approver; the grant goes on to the end it has.',
    );
  }
  return (request.extensions ?? []).length < mostExtensions
    ? undefined
    : refuse(
        'too-many',
        `You have asked to extend this grant of ${request.entitlementId} ${mostExtensions} times, and more is not taken.`,
        { do: 'ask-when-ended', entitlementId: request.entitlementId },
      );
};

/** How long the whole window may be, and how much of that is left. Seconds. */
export type Room = { mostSec: number; leftSec: number };

/** Undefined where there is no such entitlement any more. */
export const roomOf = (policy: Policy, request: LiveRequest): Room | undefined => {
  const mostSec = policy.entitlements.find(({ id }) => id === request.entitlementId)?.maxDurationSec;
  return mostSec === undefined ? undefined : { mostSec, leftSec: Math.floor(mostSec - windowSec(request)) };
};

/** The limit is the whole window's. What is left of it is said, since nobody can see it from the limit alone. */
const tooLong = (policy: Policy, request: LiveRequest, bySec: number): Refused | undefined => {
  if (!Number.isSafeInteger(bySec) || bySec <= 0) {
    const next = 'Write it like 20s, 30m or 1h30m.';
    return refuse('invalid-input', 'What you asked for is not a duration above zero.', next);
  }
  const room = roomOf(policy, request);
  if (!room || bySec <= room.leftSec) return undefined;
  const { mostSec, leftSec } = room;
  const most = `A grant of ${request.entitlementId} is at most ${durationInWords(mostSec)} in all, and yours is ${durationInWords(windowSec(request))} already`;
  return leftSec <= 0
    ? refuse('refused-by-policy', `${most}: it cannot be extended any more.`, {
        do: 'ask-when-ended',
        entitlementId: request.entitlementId,
      })
    : refuse(
        'refused-by-policy',
        `${most}: it can be extended by at most ${durationInWords(leftSec)}.`,
        'Ask for that much or less.',
      );
};
