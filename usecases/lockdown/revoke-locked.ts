import { DaypassError } from '#core/errors.ts';
import { lockdownEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import type { Judgement } from '#core/judgement.ts';
import { allDeadBy } from '#core/ledger/lifetime.ts';
import { covers, type Lockdown } from '#core/lockdown/lockdown.ts';
import { subjectFrom } from '#core/lockdown/subject.ts';
import type { Hit } from '#core/lockdown/tally.ts';
import { lockedWords } from '#core/lockdown/words.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { Change } from '#core/request/change.ts';
import { isClosed } from '#core/request/moves.ts';
import type { AccessRequest, GrantEnd, RequestIn } from '#core/request/request.ts';
import { mayBeStruck, strike } from '#core/request/strike.ts';
import { refuseLater } from '#core/request/waiting.ts';
import type { Ports } from '#ports/ports.ts';
import { changeRequest } from '#usecases/change-request.ts';
import { type Applied, applyLedger } from '#usecases/revoke/apply-ledger.ts';
import { type Denied, denyGrants } from '#usecases/revoke/deny-grants.ts';
import { endDenied } from '#usecases/revoke/end-denied.ts';
import type { RevokePorts } from '#usecases/revoke/revoke-sessions.ts';
import { endForLockdown } from './end-for-lockdown.ts';

export type LockedPorts = RevokePorts & Pick<Ports, 'policy' | 'lockdowns'>;

/**
 * Ends one slice of what a lockdown covers: live grants for good, their denies written and read back, once for each
 * role; a request that has not begun is refused; a role denies every session that was issued before the lockdown; what
 * is others' and was approved by the lockdown's person loses that vote. One's trouble does not keep the others; it is
 * thrown when all were tried. Idempotent. Throws `NotFound` and what `applyLedger` throws.
 */
export const revokeLocked = async (
  { lockdownId, subjects }: { lockdownId: string; subjects: readonly string[] },
  ports: LockedPorts,
): Promise<void> => {
  const [lockdown, policy] = await Promise.all([ports.lockdowns.get(lockdownId), ports.policy.current()]);
  if (!lockdown) throw new DaypassError('NotFound', `There is no lockdown ${lockdownId}.`);
  const end = lockdownEnd(lockdown, toIso(ports.clock.nowMs()));
  const met = subjects.map(subjectFrom);
  const closed = await all(
    met.filter((subject) => subject.kind === 'role'),
    ({ roleArn }) => denyRole(lockdown, roleArn, ports),
  );
  const stopped = await all(
    met.filter((subject) => subject.kind === 'request'),
    ({ requestId }) => closeWaiting(policy, lockdown, requestId, ports),
  );
  const covered = stopped.values.filter((request) => covers(lockdown.scope, request));
  const granted = covered.filter(isGranted).filter(({ status }) => stays(lockdown, status));
  const denies = await denyGrants({ grants: granted, end }, ports);
  // Where the deny is not in force the grant visibly ends all the same: nothing is minted, its own workflow tries as
  // well.
  const denied = new Set(denies.denied.map(({ requestId }) => requestId));
  const left = await all(
    granted.filter(({ id }) => !denied.has(id)),
    ({ id }) => endForLockdown({ requestId: id, end }, ports),
  );
  const ended = await all(denies.denied, (denied) => endOne(denied, end, ports));
  const others = covered.flatMap((request) => hitOf(request));
  await ports.lockdowns.note(lockdownId, [...closed.values, ...others, ...ended.values.flatMap(hitOf)]);
  const [error] = [...closed.errors, ...stopped.errors, ...denies.errors, ...left.errors, ...ended.errors];
  if (error !== undefined) throw error;
};

type Granted = RequestIn<'active' | 'ending'>;
const isGranted = (request: AccessRequest): request is Granted =>
  request.status === 'active' || request.status === 'ending';

/** Of a lockdown that was lifted meanwhile no further grant is ended; what is ending goes on. */
const stays = ({ status }: Lockdown, of: Granted['status']): boolean => status === 'in-force' || of === 'ending';

const hitOf = (request: AccessRequest): Hit[] =>
  isClosed(request.status)
    ? [
        {
          subject: { kind: 'request', requestId: request.id },
          outcome: request.status === 'ended' ? 'verified' : 'closed',
        },
      ]
    : [];

/** Everyone's own success or error, in no order. */
const all = async <T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<{ values: R[]; errors: unknown[] }> => {
  const results = await Promise.allSettled(items.map(run));
  return {
    values: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    errors: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  };
};

/**
 * The console's own statement, for a role that is locked down as a whole: it also reaches a session that carries no
 * grant or a forged one, which no entry of the ledger names. Nobody else is hit by it: everybody's grants on the role
 * end.
 */
const denyRole = async ({ begunAt, begunBy }: Lockdown, roleArn: string, ports: LockedPorts): Promise<Hit> => {
  const coversUntil = allDeadBy(begunAt);
  const everySession = { revokedAt: begunAt, coversUntil, cause: { kind: 'panic', by: begunBy } } as const;
  return deniedRole(roleArn, await applyLedger({ roleArn, everySession }, ports));
};

/** By what was seen on the role: it denies them, or is not there any more. */
const deniedRole = (roleArn: string, _: Applied): Hit => ({ subject: { kind: 'role', roleArn }, outcome: 'verified' });

/** Somebody else's, which the lockdown's person approved. */
const struck = (
  lockdown: Lockdown,
  request: AccessRequest,
  { clock }: LockedPorts,
): Judgement<AccessRequest, Change> => {
  const inForce = lockdown.status === 'in-force' ? [lockdown] : [];
  const change = mayBeStruck(request) ? strike(request, inForce, toIso(clock.nowMs())) : undefined;
  return change ? { change } : { keep: request };
};

/** What has not begun never will. Any other request as it is stored. */
const closeWaiting = async (
  policy: Policy,
  lockdown: Lockdown,
  requestId: string,
  ports: LockedPorts,
): Promise<AccessRequest> => {
  const outcome = await changeRequest(
    requestId,
    (request) => {
      if (!covers(lockdown.scope, request)) return struck(lockdown, request, ports);
      const waits = request.status === 'pending' || request.status === 'approved';
      if (!waits || lockdown.status === 'lifted') return { keep: request };
      const { message } = lockedWords(policy, lockdown, request.personId);
      const { policyDigest, trace } = request.decision;
      const line = { rule: 'lockdown', result: 'not-satisfied', because: message } as const;
      const decision = { verdict: 'refused', reasons: [message], policyDigest, trace: [...trace, line] } as const;
      return { change: refuseLater(request, decision, toIso(ports.clock.nowMs()), lockdown) };
    },
    ports,
  );
  if (outcome.ok) return outcome.value;
  throw new DaypassError('NotFound', `There is no request ${requestId} to end.`);
};

const endOne = (denied: Denied, end: GrantEnd, ports: LockedPorts): Promise<AccessRequest> =>
  endDenied({ ...denied, end }, ports);
