import { roleArnOf } from '#core/aws-role.ts';
import { isDaypassError } from '#core/errors.ts';
import { countOf, type LimitName } from '#core/limits.ts';
import type { RequestChange } from '#ports/request-store.ts';
import type { Actor } from '../actor.ts';
import type { World } from '../world.ts';

export const limited = ['asks', 'refusedAsks', 'extensions', 'sessions'] as const satisfies readonly LimitName[];
export type Limited = (typeof limited)[number];

/** The count, as Daypass keeps it at this moment. */
export const countAt = ({ clock, policy }: World, limit: Limited, who: string, nowMs = clock.nowMs()) =>
  countOf(limit, who, nowMs, limit === 'asks' ? policy.requests.asksPerHour : undefined);

const hourMs = 3_600_000;

/** How the model counts: whatever was saved, by the hour in which it was asked for. */
export const tallyKey = (limit: Limited, who: string, atMs: number): string =>
  `${limit} ${who} ${Math.floor(atMs / hourMs)}`;

const counted = (world: World, limit: Limited, who: string, at: string): void => {
  const { tally } = world.observed;
  const key = tallyKey(limit, who, Date.parse(at));
  const count = (tally.get(key) ?? 0) + 1;
  tally.set(key, count);
  const { most } = countAt(world, limit, who, Date.parse(at));
  if (count > most)
    world.observed.overLimit ??= `${who} has ${count} ${limit} within an hour, and the limit is ${most}`;
};

/** What was saved that is limited. */
export const noteCounted = (world: World, { request, sessions = [] }: RequestChange): void => {
  const { observed } = world;
  const { personId } = request;
  if (request.version === 1) {
    counted(world, request.status === 'refused' ? 'refusedAsks' : 'asks', personId, request.askedAt);
  }
  const before = observed.lastRequests.get(request.id)?.extensions ?? [];
  for (const { askedAt } of (request.extensions ?? []).slice(before.length)) {
    counted(world, 'extensions', personId, askedAt);
  }
  for (const { mintId, intendedAt } of sessions) {
    if (observed.intended.has(mintId)) continue;
    observed.intended.add(mintId);
    counted(world, 'sessions', `${personId}#${roleArnOf(request)}`, intendedAt);
  }
};

/** Whoever says no or ends something is refused it for nothing that was counted. */
export const mustBeFree = ({ observed }: World, actor: Actor): Actor => {
  void actor.ended.then(() => {
    const { refusal } = (actor.value ?? {}) as { refusal?: { code: string } };
    if (refusal?.code !== 'too-many' && !isDaypassError(actor.error, 'LimitReached')) return;
    observed.overLimit ??= `${actor.name}, and is told that it was one too many`;
  });
  return actor;
};

/**
 * N1: nobody has more of anything within an hour than its limit, whatever failed in between; and no vote to deny, no
 * end, no cancellation, no lockdown and no lift is ever one too many.
 */
export const n1 = ({ observed }: World): string | undefined => observed.overLimit;
