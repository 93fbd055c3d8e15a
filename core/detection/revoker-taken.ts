import { roleArnOf } from '#core/aws-role.ts';
import { callerKey, factsOf, foundSession, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { isOneOf, type Known, revokerRole } from './known.ts';
import type { TrailEvent } from './trail-event.ts';

/**
 * The revoker was assumed by anything but Daypass's own functions. Whoever holds it can take every deny off. Daypass
 * cannot end that session: the deny would have to stand on the revoker itself, which the revoker may not write.
 */
export const revokerTaken = (event: TrailEvent, known: Known): Finding | undefined => {
  if (event.kind !== 'role-assumed' || event.errorCode !== undefined) return undefined;
  const role = revokerRole(known, event.role);
  if (!role || isOneOf(known.revoking, event.caller)) return undefined;
  const { session } = event;
  return {
    detection: 'revoker-taken',
    severity: 'critical',
    dedupKey: `revoker-taken:${roleArnOf(role)}:${session?.userId ?? ''}:${callerKey(event.caller)}`,
    summary: `${nameOfRole(role)}, which writes the denies of that account, was assumed by ${nameOfCaller(event.caller)} and not by Daypass.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    ...foundSession(session),
    facts: factsOf(event, role),
  };
};
