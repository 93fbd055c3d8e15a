import { isManagedRoleArn } from '#core/aws-role.ts';
import { type ChainedRole, isOpen, isOver, withDeny } from '#core/chain/chained-role.ts';
import { DaypassError } from '#core/errors.ts';
import { addMs, latestOf, toIso } from '#core/instant.ts';
import { propagationMs } from '#core/ledger/in-force.ts';
import { longestChainedMs } from '#core/ledger/lifetime.ts';
import type { ChainedEnd, GrantedRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';
import { applyLedger, type LedgerPorts } from '#usecases/revoke/apply-ledger.ts';

export type ChainPorts = LedgerPorts & Pick<Ports, 'chains'>;

/** What became of the sessions on one role: denied and read back, or dead by themselves; or what keeps them alive. */
export type ChainEnd = { role: ChainedRole } & ({ how: 'denied' | 'expired' } | { error: Error });

/**
 * Ends the sessions that went on from a grant which has ended, on each of their roles. All are tried, whichever fails.
 * Idempotent. Throws `StoreUnavailable`.
 */
export const revokeChain = async ({ id }: Pick<GrantedRequest, 'id'>, ports: ChainPorts): Promise<ChainEnd[]> =>
  Promise.all((await ports.chains.ofGrant(id)).map((role) => revokeOn(role, ports)));

/** The same for the end of the grant: throws the first of what kept a session alive, once all were tried. */
export const endChain = async (request: Pick<GrantedRequest, 'id'>, ports: ChainPorts): Promise<ChainedEnd[]> =>
  (await revokeChain(request, ports)).map((end) => {
    if ('error' in end) throw end.error;
    return { roleArn: end.role.roleArn, how: end.how };
  });

const revokeOn = async (role: ChainedRole, ports: ChainPorts): Promise<ChainEnd> => {
  const nowMs = ports.clock.nowMs();
  if (!isOpen(role)) return { role, how: role.deniedAt === undefined ? 'expired' : 'denied' };
  if (isOver(role, nowMs)) {
    await change(
      role,
      (now) => (isOver(now, nowMs) ? { ...now, version: now.version + 1, overAt: toIso(nowMs) } : undefined),
      ports,
    );
    return { role, how: 'expired' };
  }
  try {
    // Others were told by the detector when they were taken.
    if (!isManagedRoleArn(role.roleArn)) throw outOfReach(role);
    await deny(role, nowMs, ports);
    return { role, how: 'denied' };
  } catch (error) {
    return { role, error: error instanceof Error ? error : new Error(String(error)) };
  }
};

/**
 * From now on, not from the grant's end: a session may have been issued until the deny on the role before was in force.
 * It stays until the last session must be dead, since CloudTrail may have told of some and not of others.
 */
const deny = async (role: ChainedRole, nowMs: number, ports: ChainPorts): Promise<void> => {
  const revokedAt = toIso(nowMs);
  const coversUntil = addMs(revokedAt, propagationMs + longestChainedMs);
  // CloudTrail tells by AWS's clock.
  const lastIssuedAt = latestOf(role.sessions.map(({ issuedAt }) => issuedAt));
  const entry = { grantId: role.grantId, revokedAt, coversUntil, ...(lastIssuedAt !== '' && { lastIssuedAt }) };
  await applyLedger({ roleArn: role.roleArn, entry }, ports);
  await change(role, (now) => withDeny(now, revokedAt), ports);
};

const change = (
  { grantId, roleArn }: ChainedRole,
  next: (role: ChainedRole) => ChainedRole | undefined,
  { chains }: ChainPorts,
): Promise<void> =>
  untilSaved(async () => {
    const role = (await chains.ofGrant(grantId)).find((each) => each.roleArn === roleArn);
    const changed = role && next(role);
    if (changed) await chains.save({ role: changed, events: [] });
  });

const outOfReach = ({ roleArn, expiresBy }: ChainedRole): DaypassError =>
  new DaypassError(
    'RoleUnavailable',
    `A session went on to ${roleArn}, which is no role of Daypass, so it cannot be denied there. It expires by itself at ${expiresBy}; until then take away what lets it work in that account.`,
  );
