import { toIso } from '#core/instant.ts';
import type { Judgement } from '#core/judgement.ts';
import { begun, type LockdownChange } from '#core/lockdown/change.ts';
import { barred } from '#core/lockdown/gate.ts';
import { type InForce, type Lockdown, type LockdownScope, sameScope } from '#core/lockdown/lockdown.ts';
import { capital, scopeWords, typedName } from '#core/lockdown/words.ts';
import { mayLockDown } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { reasonProblem } from '#core/policy/reason.ts';
import { done, notFound, type Outcome, type Refused, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { change } from '#usecases/change.ts';
import { lockdownsIn, type Stored } from './change-lockdown.ts';
import { mayNotLockDown } from './preview-lockdown.ts';

type Order = {
  /** A ULID of the caller's; confirming again with the same one is the same lockdown. */
  lockdownId: string;
  scope: LockdownScope;
  reason: string;
  personId: string;
  /** What the confirmation said it would hit: kept in the audit. */
  told?: Readonly<Record<string, number>>;
};

/** They stand in one item that every decision reads. */
const mostInForce = 100;

/**
 * Locks down: from the moment that this is saved nothing begins under it, and `lockdown.begun` starts the workflow that
 * ends what there is. Two people at once lock one scope down once. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const beginLockdown = async (
  order: Order,
  ports: Pick<Ports, 'clock' | 'policy' | 'lockdowns' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const policy = await ports.policy.current();
  if (!mayLockDown(policy, order.personId)) return mayNotLockDown(policy);
  const problem = reasonProblem(order.reason);
  if (problem !== undefined) return refuse('invalid-input', problem, 'It is kept, and shown to whoever is hit.');
  const outcome = await change(lockdownsIn(ports), order.lockdownId, (stored) =>
    judge(policy, stored, order, toIso(ports.clock.nowMs())),
  );
  return outcome.ok ? done(outcome.value.state) : outcome;
};

const judge = (
  policy: Policy,
  { lockdown: existing, register }: Stored,
  { lockdownId: id, scope, reason, personId, told = {} }: Order,
  at: string,
): Judgement<Lockdown, LockdownChange> => {
  if (existing)
    return existing.begunBy === personId
      ? { keep: existing, again: true }
      : notFound('lockdown', { do: 'list-lockdowns' });
  const { lockdowns } = register;
  const mayNot = barred({ policy, lockdowns }, personId, 'act');
  if (mayNot) return mayNot;
  const same = lockdowns.find((each) => sameScope(each.scope, scope));
  if (same) return alreadyDown(policy, same);
  if (lockdowns.length >= mostInForce) return tooMany();
  return { change: begun({ id, scope, reason, at, by: personId }, told) };
};

const alreadyDown = (policy: Policy, { scope, begunBy, begunAt }: InForce): Refused =>
  refuse(
    'already-decided',
    `${capital(scopeWords(policy, scope))} is locked down already, by ${nameOf(policy, begunBy)} since ${begunAt}.`,
    { do: 'lift', kind: scope.kind, name: typedName(policy, scope) },
  );

const tooMany = (): Refused =>
  refuse('too-many', `${mostInForce} lockdowns are in force already.`, { do: 'make-room' });
