/** Every detection there is, one a line. Nothing else lists them. */
export { assumedWithoutGrant } from './assumed-without-grant.ts';
export { auditBroken } from './audit-broken.ts';
export { boundaryChanged } from './boundary-changed.ts';
export { chainOutOfReach } from './chain-out-of-reach.ts';
export { denyPolicyTampered } from './deny-policy-tampered.ts';
export { liftedByAws } from './lifted-by-aws.ts';
export { orphanedDeny } from './orphaned-deny.ts';
export { permissionsWidened } from './permissions-widened.ts';
export { revokedSessionUsed } from './revoked-session-used.ts';
export { revokerChanged } from './revoker-changed.ts';
export { revokerMisused } from './revoker-misused.ts';
export { revokerTaken } from './revoker-taken.ts';
export { roleNotAsOnboarded } from './role-not-as-onboarded.ts';
export { trustChanged } from './trust-changed.ts';
export { unparsedEvent } from './unparsed-event.ts';
