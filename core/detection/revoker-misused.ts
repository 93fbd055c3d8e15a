import { roleArnOf } from '#core/aws-role.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { callerKey, factsOf, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { type Known, managedRole, revokerRole } from './known.ts';
import type { RoleChanged, TrailEvent } from './trail-event.ts';

/** What Daypass never does; undefined where it is what the revoker is for. */
const misuse = ({ name, policyName, onlyDenies }: RoleChanged): string | undefined => {
  if (name !== 'PutRolePolicy') return undefined;
  if (policyName !== denyPolicyName) return `wrote another inline policy than ${denyPolicyName} on`;
  return onlyDenies ? undefined : `wrote something that is no denial into ${denyPolicyName} on`;
};

/**
 * The revoker wrote what Daypass never writes. IAM cannot keep it from that: whoever may write a deny may write anything.
 * So whoever has got hold of the revoker, or of a function that revokes, shows here first.
 */
export const revokerMisused = (event: TrailEvent, known: Known): Finding | undefined => {
  if (event.kind !== 'role-changed' || !revokerRole(known, event.caller.role)) return undefined;
  const role = managedRole(known, event.role);
  const what = misuse(event);
  if (!role || !what) return undefined;
  return {
    detection: 'revoker-misused',
    severity: 'critical',
    dedupKey: `revoker-misused:${roleArnOf(role)}:${callerKey(event.caller)}`,
    summary: `${nameOfCaller(event.caller)} ${what} ${nameOfRole(role)}. Daypass does not do that: somebody else has its permissions.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    facts: factsOf(event, role),
  };
};
