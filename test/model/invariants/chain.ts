import { isLive } from '#core/grant/grant.ts';
import { rolesUnder } from '#core/lockdown/name-scope.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Observed } from '../observed.ts';
import type { World } from '../world.ts';
import { isDeniedWhileLive } from './access.ts';
import { isExcused, wasSwept } from './granted.ts';

type Chained = Observed['chained'][number];

/**
 * Whether CloudTrail had told of the session when a sweep began that nothing disturbed, and its grant was over by then.
 */
const wasDue = (world: World, { credentials, grantId }: Chained, request: AccessRequest): boolean => {
  const { told, ended, sweptAtStep = 0 } = world.observed;
  if ((told.get(credentials.accessKeyId) ?? Number.POSITIVE_INFINITY) > sweptAtStep) return false;
  if (request.status === 'ended') return (ended.get(grantId) ?? 0) <= sweptAtStep;
  if (!('grant' in request)) return false;
  return wasSwept(world, 'end' in request ? request.end.at : request.grant.endsAt);
};

/**
 * Whether such a sweep has come since CloudTrail told of it, to a role whose lockdown had its time as L1 gives it. One
 * that is ending is left to its workflow for a minute there as anywhere.
 */
const wasDueUnderLockdown = (
  world: World,
  { credentials, roleArn, grantId }: Chained,
  request: AccessRequest,
): boolean => {
  if (request.status === 'ending' && !wasSwept(world, request.end.at)) return false;
  const { told, lockdownsSwept, sweptAtStep = 0 } = world.observed;
  const over = world.memory.register.lockdowns.find(
    ({ id, scope }) =>
      scope.kind !== 'person' && rolesUnder(world.policy, scope).includes(roleArn) && lockdownsSwept.has(id),
  );
  const wasTold = (told.get(credentials.accessKeyId) ?? Number.POSITIVE_INFINITY) <= sweptAtStep;
  return over !== undefined && wasTold && !isExcused(world, roleArn, grantId);
};

/** Whether the end of its grant had to deny it on this role, whatever CloudTrail told: each mint writes that down. */
const wasNamed = ({ observed }: World, request: AccessRequest): boolean =>
  request.status === 'ended' && !observed.unnamed.has(request.id);

/**
 * C1: a session that went on from another works only while its grant is live; never once it is `ended`, on a role that
 * the policy named when it was minted. Granted bound for any other: until CloudTrail's record
 * of it was brought, and then until the first sweep that nothing disturbed and that began after it, and after the grant
 * had ended (while it is ending: more than a minute after the end). One of which CloudTrail never tells may live its
 * hour. A session goes on only where the policy says, and under its own grant. On a role that is locked down it works
 * no longer than that either, from whatever role it came.
 */
export const c1 = (world: World): string | undefined => {
  const { observed, memory, cloud, clock } = world;
  if (observed.strayed !== undefined) return observed.strayed;
  for (const session of observed.chained) {
    const { grantId, roleArn } = session;
    const request = memory.requests.get(grantId);
    if (!request || !('grant' in request)) return `a session on ${roleArn} carries ${grantId}, which is no grant`;
    if (!cloud.works(session)) continue;
    if (wasDueUnderLockdown(world, session, request)) return `a session works on ${roleArn}, which is locked down`;
    if (isLive(request, clock.nowMs())) continue;
    if (wasNamed(world, request) && !isExcused(world, roleArn, grantId)) {
      return `a session of ${grantId} works on ${roleArn}, and the grant has ended`;
    }
    if (wasDue(world, session, request) && !isExcused(world, roleArn, grantId)) {
      return `a session of ${grantId} works on ${roleArn} after a sweep, and the grant is ${request.status}`;
    }
  }
  return undefined;
};

/** The deny of a role on which sessions arrive covers as much: no such session lives longer. */
const hourMs = 3_600_000;

/**
 * Whether the record of the session had been taken before its grant began to end, or the store says that it is denied.
 */
const mustBeDenied = ({ observed, memory }: World, { caller, credentials, grantId, roleArn }: Chained): boolean => {
  const deniedAt = memory.chains.get(`${grantId} ${roleArn}`)?.deniedAt;
  if (deniedAt !== undefined && caller.session.issuedAtMs <= Date.parse(deniedAt) + hourMs) {
    const entries = memory.ledgers.get(roleArn)?.entries ?? [];
    const isNamed = entries.some((entry) => 'grantId' in entry && entry.grantId === grantId);
    if (isNamed || !observed.overflowed.has(roleArn)) return true;
  }
  if (memory.requests.get(grantId)?.status !== 'ended') return false;
  const told = observed.told.get(credentials.accessKeyId) ?? Number.POSITIVE_INFINITY;
  return told <= (observed.leftActive.get(grantId) ?? 0);
};

/**
 * C2, without a bound: what CloudTrail had told of before the grant began to end is denied by its role, or has expired,
 * once the grant is `ended`. And where a role is on record as denied for the grant it denies whatever was issued until
 * an hour later, also a session of which CloudTrail never told. Granted: a deny that was verified and then taken away,
 * until a sweep; and where the role's policy ran over and the grant is no longer named in it, what is issued later has
 * C1's bound.
 */
export const c2 = (world: World): string | undefined => {
  const found = world.observed.chained.find(
    (session) =>
      mustBeDenied(world, session) &&
      !world.cloud.hasExpired(session) &&
      !world.cloud.isDeniedByRole(session) &&
      !isExcused(world, session.roleArn, session.grantId),
  );
  return found && `${found.roleArn} does not deny ${found.caller.userId} of ${found.grantId}, which went on to it`;
};

/**
 * C3: a live grant's sessions are denied nowhere, as in the second half of I1: save by a role-wide statement that is
 * newer.
 */
export const c3 = (world: World): string | undefined => {
  const found = world.observed.chained.find((session) => isDeniedWhileLive(world, session));
  return found && `a session of the live grant ${found.grantId} is denied on ${found.roleArn}, to which it went on`;
};

/** When everything is settled, no bound is left but that of a record which was lost. */
export const chainsAreOver = (world: World): string | undefined => {
  const { observed, memory, cloud, clock, trail } = world;
  if (trail.pending().length > 0) return 'records of CloudTrail were never taken';
  const alive = observed.chained.find((session) => {
    const request = memory.requests.get(session.grantId);
    const isOver = !request || !isLive(request, clock.nowMs());
    return isOver && observed.told.has(session.credentials.accessKeyId) && cloud.works(session);
  });
  return alive && `a session of ${alive.grantId} still works on ${alive.roleArn}`;
};
