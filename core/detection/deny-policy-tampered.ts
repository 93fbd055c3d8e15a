import { roleArnOf } from '#core/aws-role.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { factsOf, nameOfCaller, nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';
import { isOnboarding, type Known, managedRole, revokerRole } from './known.ts';
import type { RoleChanged, TrailEvent } from './trail-event.ts';

/** What was done to what; undefined where it does not touch the deny. No other inline policy can: an explicit deny always wins. */
const tampering = ({ name, policyName }: RoleChanged): string | undefined => {
  if (policyName !== denyPolicyName) return undefined;
  if (name === 'DeleteRolePolicy') return `The deny policy ${denyPolicyName} was deleted`;
  return name === 'PutRolePolicy'
    ? `The deny policy ${denyPolicyName} was written (the console’s Revoke button does this too)`
    : undefined;
};

/** Daypass writes the deny through its revoker and never deletes it, so that is all that the revoker may do. */
const isOwnWork = ({ name, caller, role }: RoleChanged, known: Known): boolean =>
  name === 'PutRolePolicy' && revokerRole(known, caller.role)?.accountId === role.accountId;

/** What keeps revoked sessions out was edited or deleted by anyone but Daypass. */
export const denyPolicyTampered = (event: TrailEvent, known: Known): Finding | undefined => {
  if (event.kind !== 'role-changed') return undefined;
  const role = managedRole(known, event.role);
  const what = tampering(event);
  if (!role || !what || isOwnWork(event, known) || isOnboarding(known, event.caller)) return undefined;
  return {
    detection: 'deny-policy-tampered',
    severity: 'critical',
    // By role alone: what the sweeper finds of it names no caller, and one deny that was changed is one alert.
    dedupKey: `deny-policy-tampered:${roleArnOf(role)}`,
    summary: `${what} on ${nameOfRole(role)} by ${nameOfCaller(event.caller)}. Daypass puts its denials back by itself and keeps what others deny.`,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role.accountId,
    roleArn: roleArnOf(role),
    facts: factsOf(event, role),
  };
};
