import { isManagedRoleArn } from '#core/aws-role.ts';
import { type ChainedRole, isOpen, isOver, withDeny } from '#core/chain/chained-role.ts';
import { DaypassError } from '#core/errors.ts';
import { addMs, clockSkewMs, latestOf, toIso } from '#core/instant.ts';
import { propagationMs } from '#core/ledger/in-force.ts';
import { deadBy, longestChainedMs } from '#core/ledger/lifetime.ts';
import type { ChainedEnd, GrantedRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';
import { applyLedger, deathBy, type LedgerPorts } from '#usecases/revoke/apply-ledger.ts';

export type ChainPorts = LedgerPorts & Pick<Ports, 'chains'>;

/** What became of the sessions on one role: denied and read back, or dead by themselves; or what keeps them alive. */
export type ChainEnd = { role: ChainedRole } & ({ how: ChainedEnd['how'] } | { error: Error });

/**
 * Ends the sessions that went on from a grant which has ended, on each of their roles. All are tried, whichever fails.
 * Idempotent. Throws `StoreUnavailable`.
 */
export const revokeChain = async (request: Ended, ports: ChainPorts): Promise<ChainEnd[]> =>
  revokeAll(await ports.chains.ofGrant(request.id), request, ports);

type Ended = Pick<GrantedRequest, 'id' | 'personId' | 'minted'>;

const revokeAll = (roles: readonly ChainedRole[], request: Ended, ports: ChainPorts): Promise<ChainEnd[]> =>
  Promise.all(roles.map((role) => revokeOn(role, request, ports)));

/**
 * The same for the end of the grant, which denies it on every other role too into which a session may have gone on:
 * CloudTrail may never tell of a step. Throws the first of what kept a session alive, once all were tried.
 */
export const endChain = async (request: Ended, ports: ChainPorts): Promise<ChainedEnd[]> => {
  const nowMs = ports.clock.nowMs();
  const roles = await ports.chains.ofGrant(request.id);
  // Where all that were seen have expired, one that was not may live.
  const denied = new Set(
    roles.filter((role) => role.deniedAt !== undefined || !isOver(role, nowMs)).map(({ roleArn }) => roleArn),
  );
  const unseen = (request.minted?.reach?.into ?? []).filter((roleArn) => !denied.has(roleArn));
  const [ends, blind] = await Promise.all([
    revokeAll(
      roles.filter(({ roleArn }) => !unseen.includes(roleArn)),
      request,
      ports,
    ),
    Promise.allSettled(unseen.map((roleArn) => denyUnseen(request, roleArn, ports))),
  ]);
  for (const end of ends) if ('error' in end) throw end.error;
  for (const end of blind) if (end.status === 'rejected') throw end.reason;
  return [
    ...ends.flatMap((end) => ('how' in end ? [{ roleArn: end.role.roleArn, how: end.how }] : [])),
    ...blind.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])),
  ];
};

/**
 * Whether or not there is a session of the grant on the role. Also where its own credentials have long expired: a
 * session that goes on has a new hour each time.
 */
const denyUnseen = async (request: Ended, roleArn: string, ports: ChainPorts): Promise<ChainedEnd> => {
  const revokedAt = toIso(ports.clock.nowMs());
  // By AWS's clock it may be later already, and nobody knows of a session when it was issued.
  const how = await denyFromNow(request, { roleArn, revokedAt, lastIssuedAt: addMs(revokedAt, clockSkewMs) }, ports);
  return { roleArn, how, unseen: true };
};

const revokeOn = async (role: ChainedRole, request: Ended, ports: ChainPorts): Promise<ChainEnd> => {
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
    return { role, how: await deny(role, request, ports) };
  } catch (error) {
    return { role, error: error instanceof Error ? error : new Error(String(error)) };
  }
};

const deny = async (role: ChainedRole, request: Ended, ports: ChainPorts): Promise<ChainedEnd['how']> => {
  const revokedAt = toIso(ports.clock.nowMs());
  // CloudTrail tells by AWS's clock.
  const lastIssuedAt = latestOf(role.sessions.map(({ issuedAt }) => issuedAt));
  const how = await denyFromNow(request, { roleArn: role.roleArn, revokedAt, lastIssuedAt }, ports);
  await change(role, (now) => withDeny(now, revokedAt), ports);
  return how;
};

/**
 * From now on, not from the grant's end: a session may have been issued until the deny on the role before was in force.
 * It stays until the last session must be dead, since CloudTrail may have told of some and not of others.
 */
const denyFromNow = async (
  { id: grantId, personId, minted }: Ended,
  { roleArn, revokedAt, lastIssuedAt }: { roleArn: string; revokedAt: string; lastIssuedAt: string },
  ports: ChainPorts,
): Promise<ChainedEnd['how']> => {
  const { leavesForMs = 0 } = minted?.reach ?? {};
  const coversUntil = deadBy(addMs(revokedAt, propagationMs + longestChainedMs), { chained: true, leavesForMs });
  const entry = { grantId, personId, revokedAt, coversUntil, ...(lastIssuedAt !== '' && { lastIssuedAt }) };
  return deathBy(await applyLedger({ roleArn, entry }, ports));
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
