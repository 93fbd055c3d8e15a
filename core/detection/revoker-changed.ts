import { roleArnOf } from '#core/aws-role.ts';
import { callerKey, factsOf, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { isOnboarding, type Known, revokerRole } from './known.ts';
import type { TrailEvent } from './trail-event.ts';

const verbs: Readonly<Record<string, string>> = { PutRolePolicy: 'written', DeleteRolePolicy: 'deleted' };

/** What the revoker may do was changed by anyone but onboarding: Daypass may be unable to revoke, or the role may do more than that. */
export const revokerChanged = (event: TrailEvent, known: Known): Finding | undefined => {
  if (event.kind !== 'role-changed' || !Object.hasOwn(verbs, event.name)) return undefined;
  const role = revokerRole(known, event.role);
  if (!role || isOnboarding(known, event.caller)) return undefined;
  return {
    detection: 'revoker-changed',
    severity: 'critical',
    dedupKey: `revoker-changed:${roleArnOf(role)}:${callerKey(event.caller)}`,
    summary: `A policy of ${nameOfRole(role)}, through which Daypass revokes, was ${verbs[event.name]} by ${nameOfCaller(event.caller)}.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    facts: factsOf(event, role),
  };
};
