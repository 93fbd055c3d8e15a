import { type RoleRef, roleArnOf, roleOf } from '#core/aws-role.ts';
import type { ChainedRole } from '#core/chain/chained-role.ts';
import { mayGoOn } from '#core/chain/steps.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import type { AccessRequest, GrantedRequest } from '#core/request/request.ts';
import { factsOf, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { type Known, managedRole, revokerRole } from './known.ts';
import type { RoleAssumed, TrailEvent } from './trail-event.ts';

/** A role was assumed by a session that has a grant's tag from the session before it: STS alone writes that down. */
export type GoneOn = { event: RoleAssumed; request: GrantedRequest };

export const goneOn = (event: TrailEvent, { tagged }: { tagged?: AccessRequest | undefined }): GoneOn | undefined => {
  if (event.kind !== 'role-assumed' || event.errorCode !== undefined) return undefined;
  const grantId = event.inherited[grantTag];
  return grantId !== undefined && tagged?.id === grantId && 'grant' in tagged ? { event, request: tagged } : undefined;
};

/** Why the grant does not explain that one of its sessions went on to this role; undefined where it does. */
export const unexplainedStep = ({ event, request }: GoneOn, role: RoleRef, known: Known): string | undefined => {
  const who = event.sourceIdentity ?? event.caller.sourceIdentity;
  if (who !== undefined && who !== request.personId) return 'the grant it names is somebody else’s';
  if (event.inherited[entitlementTag] !== request.entitlementId) return 'its tags are not those of the grant';
  return mayGoOn(event, role, request, known.steps) ? undefined : 'the policy does not let it go on to this role';
};

const isOfPolicy = ({ revokers }: Known, { accountId }: RoleRef): boolean =>
  revokers.some((revoker) => revoker.accountId === accountId);

/** One alert for a grant and a role, whoever finds it: the detector at the event, or whoever tries to end it. */
export const outOfReachKey = (grantId: string, roleArn: string): string => `chain-out-of-reach:${grantId}:${roleArn}`;

/** A session of a grant went on to a role on which nobody can end it. A managed role is out of reach only where ending it fails. */
export const chainOutOfReach = (event: TrailEvent, known: Known): Finding | undefined => {
  const gone = goneOn(event, known);
  if (!gone || managedRole(known, gone.event.role) || revokerRole(known, gone.event.role)) return undefined;
  const { role, session } = gone.event;
  const { request } = gone;
  const because = isOfPolicy(known, role)
    ? 'no entitlement lends this role, and Daypass writes the deny on the roles that it lends only'
    : 'its account is not in the access policy, so there is no revoker in it';
  return {
    detection: 'chain-out-of-reach',
    severity: unexplainedStep(gone, role, known) === undefined ? 'high' : 'critical',
    dedupKey: outOfReachKey(request.id, roleArnOf(role)),
    summary: `A session of ${request.entitlementId} went on to ${nameOfRole(role)}, where Daypass cannot end it: ${because}. ${adviceFor(role)}`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    personId: request.personId,
    facts: { ...factsOf(event, role), Grant: request.id, ...(session && { 'Expires by itself': session.expiresAt }) },
  };
};

/** What an operator does about a role that Daypass cannot deny. */
export const adviceFor = ({ accountId, roleName }: RoleRef): string =>
  `Onboard account ${accountId} with ${roleName} as an entitlement’s role, or take the role that goes on out of its trust policy.`;

/** The same for a managed role, found by whoever tried: no revoker in the account, no such role, no boundary on it. */
export const unendable = (request: GrantedRequest, chained: ChainedRole, because: string): Finding => {
  const role = roleOf(chained.roleArn);
  return {
    detection: 'chain-out-of-reach',
    severity: 'high',
    dedupKey: outOfReachKey(request.id, chained.roleArn),
    summary: `A session of ${request.entitlementId} went on to ${nameOfRole(role)}, where Daypass cannot end it: its revoker or the role does not let it. ${adviceFor(role)}`,
    // The same at every attempt, so that it stays one alert.
    at: chained.firstAt,
    eventId: `chain-${request.id}-${chained.roleArn}`,
    accountId: role.accountId,
    roleArn: chained.roleArn,
    personId: request.personId,
    facts: {
      Role: chained.roleArn,
      Grant: request.id,
      Sessions: String(chained.count),
      'Expires by itself': chained.expiresBy,
      Error: because.slice(0, 256),
    },
  };
};
