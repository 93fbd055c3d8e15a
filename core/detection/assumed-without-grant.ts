import type { AccessRequest } from '#core/request/request.ts';
import { callerKey, factsOf, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { entitlementTagKey, grantTagKey, type Known, managedRole } from './known.ts';
import { arnOf, type RoleAssumed, type RoleRef, sameRole, type TrailEvent } from './trail-event.ts';

/** CloudTrail's clock and ours differ, and it counts whole seconds. */
const toleranceMs = 60_000;

const grantedAt = (request: AccessRequest, at: string): boolean => {
  if (!('grant' in request)) return false;
  const { startsAt, endsAt } = request.grant;
  const over = 'end' in request && request.end.at < endsAt ? request.end.at : endsAt;
  const atMs = Date.parse(at);
  return atMs >= Date.parse(startsAt) - toleranceMs && atMs <= Date.parse(over) + toleranceMs;
};

/** The target account's copy of a cross-account call names the caller's account only; the other copy names the role. */
const isMinter = ({ caller }: RoleAssumed, known: Known): boolean => {
  if (caller.type === 'AWSAccount' && caller.arn === undefined) {
    return known.minters.some((minter) => minter.accountId === caller.accountId);
  }
  const { role } = caller;
  return role !== undefined && known.minters.some((minter) => sameRole(minter, role));
};

/** Why no grant explains the assumption; undefined where one does. */
const unexplained = (event: RoleAssumed, role: RoleRef, known: Known): { because: string; late?: true } | undefined => {
  const grantId = event.tags[grantTagKey];
  if (grantId === undefined) return { because: 'the session carries no grant' };
  const request = known.tagged;
  if (!request || request.id !== grantId) return { because: 'the grant it names does not exist' };
  if (request.personId !== event.sourceIdentity) return { because: 'the grant it names is somebody else’s' };
  if (!sameRole(request, role)) return { because: 'the grant it names is for another role' };
  if (event.tags[entitlementTagKey] !== request.entitlementId)
    return { because: 'its tags are not those of the grant' };
  if (!isMinter(event, known)) return { because: 'it was not Daypass that assumed it' };
  if (!grantedAt(request, event.at)) return { because: 'the grant it names was not live at that time', late: true };
  return undefined;
};

/**
 * A managed role was assumed and no approved grant stands behind it. Revoke names the session by its `aws:userid`: its
 * grant tag may be forged, and the grant's own sessions must not suffer for it.
 */
export const assumedWithoutGrant = (event: TrailEvent, known: Known): Finding | undefined => {
  if (event.kind !== 'role-assumed' || event.errorCode !== undefined) return undefined;
  const role = managedRole(known, event.role);
  const reason = role && unexplained(event, role, known);
  if (!role || !reason) return undefined;
  const { session } = event;
  return {
    detection: 'assumed-without-grant',
    severity: reason.late ? 'high' : 'critical',
    dedupKey: `assumed-without-grant:${arnOf(role)}:${session?.userId ?? callerKey(event.caller)}`,
    summary: `${nameOfRole(role)} was assumed by ${nameOfCaller(event.caller)}, and no grant explains it: ${reason.because}.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: arnOf(role),
    ...(session && {
      session: {
        userId: session.userId,
        expiresBy: session.expiresAt,
        ...(session.accessKeyId !== undefined && { accessKeyId: session.accessKeyId }),
      },
    }),
    ...(reason.late && known.tagged && { personId: known.tagged.personId }),
    facts: { ...factsOf(event, role), Why: reason.because },
  };
};
