import { toIso } from '#core/instant.ts';
import type { Judgement } from '#core/judgement.ts';
import { type LockdownChange, lifted } from '#core/lockdown/change.ts';
import { barred } from '#core/lockdown/gate.ts';
import { type InForce, type Lockdown, sameScope } from '#core/lockdown/lockdown.ts';
import { scopeNamed } from '#core/lockdown/name-scope.ts';
import { capital, scopeWords, typedScope } from '#core/lockdown/words.ts';
import { mayLockDown } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { reasonProblem } from '#core/policy/reason.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { change } from '#usecases/change.ts';
import { liftsIn, type Stored } from './change-lockdown.ts';
import { mayNotLockDown } from './preview-lockdown.ts';

type Lift = { lockdownId: string; personId: string; reason: string };

/**
 * The lockdown in force on what somebody names, for those who may lift it. Throws `StoreUnavailable`,
 * `PolicyUnreadable`.
 */
export const lockdownOn = async (
  { kind, name, personId }: { kind: string; name: string; personId: string },
  ports: Pick<Ports, 'policy' | 'lockdowns'>,
): Promise<Outcome<InForce>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const mayNot = mayLockDown(policy, personId)
    ? barred({ policy, lockdowns }, personId, 'act')
    : mayNotLockDown(policy);
  if (mayNot) return mayNot;
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
 * Lifts a lockdown: what it covered may be asked for again; what it ended stays ended, and so do logins that its
 * person confirmed before. By those who may lock down, and never by somebody who is locked down. Nothing lifts one by
 * itself. Lifting twice is nothing. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const liftLockdown = async (
  lift: Lift,
  ports: Pick<Ports, 'clock' | 'policy' | 'lockdowns' | 'logins' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const policy = await ports.policy.current();
  if (!mayLockDown(policy, lift.personId)) return mayNotLockDown(policy);
  const problem = reasonProblem(lift.reason);
  if (problem !== undefined) return refuse('invalid-input', problem, 'It is kept with the lockdown.');
  const outcome = await change(liftsIn(ports), lift.lockdownId, (stored) =>
    judge(policy, stored, lift, toIso(ports.clock.nowMs())),
  );
  return outcome.ok ? done(outcome.value.state) : outcome;
};

const judge = (
  policy: Policy,
  { lockdown, register }: Stored,
  { personId, reason }: Lift,
  at: string,
): Judgement<Lockdown, LockdownChange> => {
  if (!lockdown) return notFound('lockdown', { do: 'list-lockdowns' });
  const mayNot = barred({ policy, lockdowns: register.lockdowns }, personId, 'act');
  if (mayNot) return mayNot;
  if (lockdown.status === 'lifted') {
    if (lockdown.liftedBy === personId) return { keep: lockdown, again: true };
    const by = nameOf(policy, lockdown.liftedBy);
    return refuse('already-decided', `${by} has lifted it already, ${lockdown.liftedAt}.`, 'Nothing more is needed.');
  }
  return { change: lifted(lockdown, { at, by: personId, reason }) };
};
