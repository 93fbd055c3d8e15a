import { isDaypassError } from '#core/errors.ts';
import { type InForce, type Lockdown, lockdownOfPerson, sameScope } from '#core/lockdown/lockdown.ts';
import { lifted } from '#core/lockdown/moves.ts';
import { scopeNamed } from '#core/lockdown/name-scope.ts';
import { capital, lockedDown, scopeWords, typedScope } from '#core/lockdown/words.ts';
import { mayLockDown } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { reasonProblem } from '#core/policy/reason.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { mayNotLockDown } from './preview-lockdown.ts';

type Lift = { lockdownId: string; personId: string; reason: string };

const rounds = 10;

/** The lockdown in force on what somebody names, for those who may lift it. Throws `StoreUnavailable`, `PolicyUnreadable`. */
export const lockdownOn = async (
  { kind, name, personId }: { kind: string; name: string; personId: string },
  ports: Pick<Ports, 'policy' | 'lockdowns'>,
): Promise<Outcome<InForce>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  if (!mayLockDown(policy, personId)) return mayNotLockDown(policy);
  const scope = scopeNamed(policy, kind, name);
  // Of a person who has left the policy there is only the id.
  const wanted = scope.ok ? scope.value : ({ kind: 'person', personId: name } as const);
  const found = lockdowns.find((lockdown) => sameScope(lockdown.scope, wanted));
  if (found) return done(found);
  if (!scope.ok) return scope;
  const inForce = lockdowns.map((lockdown) => typedScope(policy, lockdown.scope));
  return refuse(
    'not-found',
    `${capital(scopeWords(policy, scope.value))} is not locked down.`,
    inForce.length === 0 ? 'Nothing is.' : `Locked down: ${inForce.slice(0, 10).join('; ')}.`,
  );
};

/**
 * Lifts a lockdown: what it covered may be asked for again; what it ended stays ended. By those who may lock down, and never
 * by somebody who is locked down. Nothing lifts one by itself. Lifting twice is nothing. Throws `StoreUnavailable`,
 * `PolicyUnreadable`.
 */
export const liftLockdown = async (
  lift: Lift,
  ports: Pick<Ports, 'clock' | 'policy' | 'lockdowns' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const policy = await ports.policy.current();
  if (!mayLockDown(policy, lift.personId)) return mayNotLockDown(policy);
  const problem = reasonProblem(lift.reason);
  if (problem !== undefined) return refuse('invalid-input', problem, 'It is kept with the lockdown.');
  for (let round = 1; ; round++) {
    const outcome = await liftOnce(policy, lift, ports).catch((error: unknown) => {
      if (!isDaypassError(error, 'VersionConflict') || round === rounds) throw error;
    });
    if (outcome) return outcome;
  }
};

const liftOnce = async (
  policy: Policy,
  { lockdownId, personId, reason }: Lift,
  ports: Pick<Ports, 'clock' | 'lockdowns' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const [lockdown, register] = await Promise.all([ports.lockdowns.get(lockdownId), ports.lockdowns.register()]);
  if (!lockdown) return notFound('lockdown', { do: 'list-lockdowns' });
  const own = lockdownOfPerson(register.lockdowns, personId);
  if (own) return lockedDown(policy, own, personId);
  if (lockdown.status === 'lifted') {
    if (lockdown.liftedBy === personId) {
      await ports.outbox.publishLeftovers(lockdownId);
      return done(lockdown);
    }
    const by = nameOf(policy, lockdown.liftedBy);
    return refuse('already-decided', `${by} has lifted it already, ${lockdown.liftedAt}.`, 'Nothing more is needed.');
  }
  const change = lifted(lockdown, { at: toIso(ports.clock.nowMs()), by: personId, reason });
  await ports.lockdowns.save(change, register);
  await ports.outbox.publish(change.events);
  return done(change.lockdown);
};
