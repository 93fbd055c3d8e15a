import { DaypassError } from '#core/errors.ts';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import type { Hit } from '#core/lockdown/tally.ts';
import { lockedWords } from '#core/lockdown/words.ts';
import type { Policy } from '#core/policy/policy.ts';
import { refuseLater } from '#core/request/answer.ts';
import { isClosed } from '#core/request/moves.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { applyLedger } from './apply-ledger.ts';
import { changeRequest } from './change-request.ts';
import { endForLockdown } from './end-for-lockdown.ts';
import { type RevokePorts, revokeSessions } from './revoke-sessions.ts';

export type LockedPorts = RevokePorts & Pick<Ports, 'policy' | 'lockdowns'>;

/** No session of a role lives longer: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const longestSessionMs = 12 * 3_600_000;

/**
 * Ends one slice of what a lockdown covers, side by side: a live grant for good, its deny written and read back; a request
 * that has not begun is refused; a role denies every session that was issued before the lockdown. One's trouble does not
 * keep the others; it is thrown when all were tried. Idempotent. Throws `NotFound` and what `revokeSessions` throws.
 */
export const revokeLocked = async (
  { lockdownId, subjects }: { lockdownId: string; subjects: readonly string[] },
  ports: LockedPorts,
): Promise<void> => {
  const [lockdown, policy] = await Promise.all([ports.lockdowns.get(lockdownId), ports.policy.current()]);
  if (!lockdown) throw new DaypassError('NotFound', `There is no lockdown ${lockdownId}.`);
  const ends = await Promise.allSettled(subjects.map((subject) => endOne(policy, lockdown, subject, ports)));
  const hits = ends.flatMap((end) => (end.status === 'fulfilled' && end.value ? [end.value] : []));
  await ports.lockdowns.note(lockdownId, hits);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
};

const endOne = (policy: Policy, lockdown: Lockdown, subject: string, ports: LockedPorts): Promise<Hit | undefined> =>
  subject.startsWith('arn:') ? denyRole(lockdown, subject, ports) : endRequest(policy, lockdown, subject, ports);

/**
 * The console's own statement, for a role that is locked down as a whole: it also reaches a session that carries no grant or
 * a forged one, which no entry of the ledger names. Nobody else is hit by it: everybody's grants on the role end.
 */
const denyRole = async ({ begunAt }: Lockdown, roleArn: string, ports: LockedPorts): Promise<Hit> => {
  const coversUntil = toIso(Date.parse(begunAt) + longestSessionMs);
  await applyLedger({ roleArn, everySession: { revokedAt: begunAt, coversUntil } }, ports);
  return { subject: roleArn, outcome: 'verified' };
};

const endRequest = async (
  policy: Policy,
  lockdown: Lockdown,
  requestId: string,
  ports: LockedPorts,
): Promise<Hit | undefined> => {
  const stopped = await stop(policy, lockdown, requestId, ports);
  const request = stopped && (await revokeSessions({ requestId }, ports));
  if (!request || !isClosed(request.status)) return undefined;
  return { subject: requestId, outcome: request.status === 'ended' ? 'verified' : 'closed' };
};

/** Undefined where the lockdown was lifted before this one was reached. */
const stop = async (
  policy: Policy,
  lockdown: Lockdown,
  requestId: string,
  ports: LockedPorts,
): Promise<AccessRequest | undefined> => {
  const by = lockdown.begunBy;
  if (lockdown.status === 'in-force') {
    await changeRequest(requestId, (request) => refuseWaiting(policy, lockdown, request, ports), ports);
    await endForLockdown({ requestId, by }, ports);
  }
  const request = await ports.requests.get(requestId);
  const untouched = request?.status === 'pending' || request?.status === 'approved' || request?.status === 'active';
  return untouched ? undefined : request;
};

const refuseWaiting = (policy: Policy, lockdown: Lockdown, request: AccessRequest, { clock }: LockedPorts) => {
  if (request.status !== 'pending' && request.status !== 'approved') return { keep: request };
  const { message } = lockedWords(policy, lockdown, request.personId);
  const { policyDigest, trace } = request.decision;
  const line = { rule: 'lockdown', result: 'not-satisfied', because: message } as const;
  const decision = { verdict: 'refused', reasons: [message], policyDigest, trace: [...trace, line] } as const;
  return { change: refuseLater(request, decision, toIso(clock.nowMs())) };
};
