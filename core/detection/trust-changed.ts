import { roleArnOf } from '#core/aws-role.ts';
import { callerKey, factsOf, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { isOnboarding, type Known, watchedRole } from './known.ts';
import type { TrailEvent } from './trail-event.ts';

/** What was done, by call. A role that is deleted and made anew has another id, which no earlier deny names. */
const changes: Readonly<Record<string, string>> = {
  UpdateAssumeRolePolicy: 'The trust policy of',
  CreateRole: 'A new role',
  DeleteRole: 'The role',
  UpdateRole: 'The settings of',
};

const verbs: Readonly<Record<string, string>> = { CreateRole: 'made', DeleteRole: 'deleted' };

/** Who may assume a managed role, or the revoker, was changed by anyone but onboarding. There is no session to end: people must put it right. */
export const trustChanged = (event: TrailEvent, known: Known): Finding | undefined => {
  if (event.kind !== 'role-changed' || !Object.hasOwn(changes, event.name)) return undefined;
  const role = watchedRole(known, event.role);
  if (!role || isOnboarding(known, event.caller)) return undefined;
  return {
    detection: 'trust-changed',
    severity: event.name === 'UpdateRole' ? 'high' : 'critical',
    dedupKey: `trust-changed:${roleArnOf(role)}:${callerKey(event.caller)}`,
    summary: `${changes[event.name]} ${nameOfRole(role)} was ${verbs[event.name] ?? 'changed'} by ${nameOfCaller(event.caller)}.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    facts: factsOf(event, role),
  };
};
