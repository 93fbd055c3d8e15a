import { isDaypassError } from '#core/errors.ts';
import { type InForce, type Lockdown, type LockdownScope, sameScope } from '#core/lockdown/lockdown.ts';
import { begun } from '#core/lockdown/moves.ts';
import { capital, scopeWords, typedName } from '#core/lockdown/words.ts';
import { mayLockDown } from '#core/policy/decide.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { reasonProblem } from '#core/policy/reason.ts';
import { done, notFound, type Outcome, type Refused, refuse } from '#core/refusal.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
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

/** Others may write between our read and our write. */
const rounds = 10;

/**
 * Locks down: from the moment that this is saved nothing begins under it, and `lockdown.begun` starts the workflow that ends
 * what there is. Two people at once lock one scope down once. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const beginLockdown = async (
  order: Order,
  ports: Pick<Ports, 'clock' | 'policy' | 'lockdowns' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const policy = await ports.policy.current();
  if (!mayLockDown(policy, order.personId)) return mayNotLockDown(policy);
  const problem = reasonProblem(order.reason);
  if (problem !== undefined) return refuse('invalid-input', problem, 'It is kept, and shown to whoever is hit.');
  for (let round = 1; ; round++) {
    const outcome = await beginOnce(policy, order, ports).catch((error: unknown) => {
      if (!isDaypassError(error, 'VersionConflict') || round === rounds) throw error;
    });
    if (outcome) return outcome;
  }
};

const beginOnce = async (
  policy: Policy,
  { lockdownId: id, scope, reason, personId, told = {} }: Order,
  ports: Pick<Ports, 'clock' | 'lockdowns' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const [existing, register] = await Promise.all([ports.lockdowns.get(id), ports.lockdowns.register()]);
  if (existing) {
    if (existing.begunBy !== personId) return notFound('lockdown', { do: 'list-lockdowns' });
    // The first answer may have been lost before its event was published.
    await ports.outbox.publishLeftovers(id);
    return done(existing);
  }
  const same = register.lockdowns.find((each) => sameScope(each.scope, scope));
  if (same) return alreadyDown(policy, same);
  if (register.lockdowns.length >= mostInForce) return tooMany();
  const change = begun({ id, scope, reason, at: toIso(ports.clock.nowMs()), by: personId }, told);
  await ports.lockdowns.save(change, register);
  await ports.outbox.publish(change.events);
  return done(change.lockdown);
};

const alreadyDown = (policy: Policy, { scope, begunBy, begunAt }: InForce): Refused =>
  refuse(
    'already-decided',
    `${capital(scopeWords(policy, scope))} is locked down already, by ${nameOf(policy, begunBy)} since ${begunAt}.`,
    { do: 'lift', kind: scope.kind, name: typedName(policy, scope) },
  );

const tooMany = (): Refused =>
  refuse('too-many', `${mostInForce} lockdowns are in force already.`, { do: 'make-room' });
