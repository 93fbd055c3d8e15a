import { roleArnOf } from '#core/aws-role.ts';
import { callerKey, factsOf, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { isOnboarding, type Known, watchedRole } from './known.ts';
import type { TrailEvent } from './trail-event.ts';

const verbs: Readonly<Record<string, string>> = {
  PutRolePermissionsBoundary: 'replaced',
  DeleteRolePermissionsBoundary: 'removed',
};

/**
 * The permissions boundary of a watched role was changed by anyone but onboarding. Daypass may not write boundaries, so
 * writing the deny again would mend nothing: people must put it back.
 */
export const boundaryChanged = (event: TrailEvent, known: Known): Finding | undefined => {
  if (event.kind !== 'role-changed' || !Object.hasOwn(verbs, event.name)) return undefined;
  const role = watchedRole(known, event.role);
  if (!role || isOnboarding(known, event.caller)) return undefined;
  return {
    detection: 'boundary-changed',
    severity: 'critical',
    dedupKey: `boundary-changed:${roleArnOf(role)}:${callerKey(event.caller)}`,
    summary: `The permissions boundary, which keeps a session from removing its own deny, was ${verbs[event.name]} on ${nameOfRole(role)} by ${nameOfCaller(event.caller)}.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    facts: factsOf(event, role),
  };
};
