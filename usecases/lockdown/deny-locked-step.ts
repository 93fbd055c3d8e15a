import { roleOf } from '#core/aws-role.ts';
import type { ChainedRole } from '#core/chain/chained-role.ts';
import { latestOf } from '#core/instant.ts';
import { deniedBefore } from '#core/ledger/ledger.ts';
import { allDeadBy } from '#core/ledger/lifetime.ts';
import { type InForce, lockdownOver } from '#core/lockdown/lockdown.ts';
import { applyLedger, type LedgerPorts } from '#usecases/revoke/apply-ledger.ts';

/** The lockdown of this role, or of its account. */
export const lockdownOfRole = (inForce: readonly InForce[], roleArn: string): InForce | undefined =>
  lockdownOver(inForce, { personId: '', ...roleOf(roleArn) });

/**
 * A lockdown of a role ends what is on it when it is begun, and lends it to nobody. Whoever goes on to it later, from
 * another role that goes on being lent, is denied on it with everybody: nobody should be there. Idempotent. Throws what
 * `applyLedger` throws.
 */
export const denyLockedStep = async (
  { roleArn, sessions }: ChainedRole,
  { begunAt, begunBy }: InForce,
  ports: LedgerPorts,
): Promise<void> => {
  // CloudTrail tells by AWS's clock.
  const lastIssuedAt = latestOf(sessions.map(({ issuedAt }) => issuedAt));
  if (lastIssuedAt < deniedBefore({ revokedAt: begunAt })) return;
  const coversUntil = allDeadBy(lastIssuedAt);
  const cause = { kind: 'panic', by: begunBy } as const;
  await applyLedger({ roleArn, everySession: { revokedAt: begunAt, lastIssuedAt, coversUntil, cause } }, ports);
};
