import type { LockdownStore } from '#ports/lockdown-store.ts';
import type { World } from '../world.ts';

/** As AWS has it: 12 hours from the last second of the credentials, from an address that is good for 15 minutes. */
export const consoleMs = (12 * 60 + 15) * 60_000;

/** As the console's button: sessions that AWS issues within this time after a revocation are covered. */
const aheadMs = 30_000;

/** A role was seen to deny every session that was issued before its lockdown. */
export const noteRoleDenied = (world: World, [id, hits]: Parameters<LockdownStore['note']>): void => {
  const { memory, observed } = world;
  const begunMs = Date.parse(memory.lockdowns.get(id)?.begunAt ?? '');
  for (const { subject, outcome } of hits) {
    if (subject.kind !== 'role' || outcome !== 'verified') continue;
    for (const { issued } of observed.strangers) {
      const { caller, roleArn, credentials } = issued;
      const isCovered = roleArn === subject.roleArn && caller.session.issuedAtMs < begunMs + aheadMs;
      if (isCovered) observed.revoked.add(credentials.accessKeyId);
    }
  }
};

/**
 * D1: a session that was taken by hand and revoked, by the answer to its alert or with its role, is denied until a
 * console session is dead that was made of it in its last second. Granted: a deny that was verified and then taken away
 * by an administrator, or by a writer that hung past its lease, until a sweep that nothing disturbed.
 */
export const d1 = ({ cloud, observed }: World): string | undefined => {
  const found = observed.strangers.find(
    ({ console }) =>
      observed.revoked.has(console.credentials.accessKeyId) &&
      !observed.loose.has(console.roleArn) &&
      !cloud.hasExpired(console) &&
      !cloud.isDeniedByRole(console),
  );
  return (
    found && `${found.console.roleArn} denied ${found.console.caller.userId}, and does not deny what it may have become`
  );
};
