import { type RoleRef, roleArnOf, sameRole } from '#core/aws-role.ts';
import { accessEndsAt } from '#core/grant/grant.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { type GoneOn, goneOn, unexplainedStep } from './chained-onward.ts';
import { callerKey, factsOf, foundSession, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { isOneOf, type Known, managedRole } from './known.ts';
import { mintOf } from './revoked-session-used.ts';
import type { RoleAssumed, TrailEvent } from './trail-event.ts';

/** CloudTrail's clock and ours differ, and it counts whole seconds. */
const toleranceMs = 60_000;

const grantedAt = (request: AccessRequest, at: string): boolean => {
  if (!('grant' in request)) return false;
  const atMs = Date.parse(at);
  return (
    atMs >= Date.parse(request.grant.startsAt) - toleranceMs && atMs <= Date.parse(accessEndsAt(request)) + toleranceMs
  );
};

/**
 * Whether Daypass meant to make this session: the intent is saved before STS is asked, and the session's name ends with
 * its id. A request forgets sessions that are long dead while an event may come a day late, so the audit's count too.
 */
const isIntended = ({ session, sessionName }: RoleAssumed, request: AccessRequest, known: Known): boolean => {
  const name = session?.userId ?? sessionName;
  if (name === undefined) return false;
  return (
    mintOf(request, name) !== undefined || known.forgottenMints?.some((mintId) => name.endsWith(`-${mintId}`)) === true
  );
};

/** The same for a session that went on from one of the grant's: nobody minted it, and its name means nothing. */
const unexplainedChain = (gone: GoneOn, role: RoleRef, known: Known): { because: string; late?: true } | undefined => {
  const because = unexplainedStep(gone, role, known);
  if (because !== undefined) return { because };
  if (grantedAt(gone.request, gone.event.at)) return undefined;
  return { because: 'the grant from which it went on was not live at that time', late: true };
};

/** Why no grant explains the assumption; undefined where one does. */
const unexplained = (event: RoleAssumed, role: RoleRef, known: Known): { because: string; late?: true } | undefined => {
  const gone = goneOn(event, known);
  if (gone) return unexplainedChain(gone, role, known);
  const grantId = event.tags[grantTag];
  if (grantId === undefined) return { because: 'the session carries no grant' };
  const request = known.tagged;
  if (!request || request.id !== grantId) return { because: 'the grant it names does not exist' };
  if (request.personId !== event.sourceIdentity) return { because: 'the grant it names is somebody else’s' };
  if (!sameRole(request, role)) return { because: 'the grant it names is for another role' };
  if (event.tags[entitlementTag] !== request.entitlementId) return { because: 'its tags are not those of the grant' };
  if (!isOneOf(known.minters, event.caller)) return { because: 'it was not Daypass that assumed it' };
  if (!isIntended(event, request, known)) return { because: 'Daypass never meant to mint it' };
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
    dedupKey: `assumed-without-grant:${roleArnOf(role)}:${session?.userId ?? ''}:${callerKey(event.caller)}`,
    summary: `${nameOfRole(role)} was assumed by ${nameOfCaller(event.caller)}, and no grant explains it: ${reason.because}.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    ...foundSession(session),
    ...(reason.late && known.tagged && { personId: known.tagged.personId }),
    facts: { ...factsOf(event, role), Why: reason.because },
  };
};
