import { clip } from '#core/clip.ts';
import { liftByAws } from '#core/detection/lifted-by-aws.ts';
import { toIso } from '#core/instant.ts';
import { lifted } from '#core/lockdown/change.ts';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import { scopeWords } from '#core/lockdown/words.ts';
import { hubIdOf } from '#core/policy/policy.ts';
import { reasonProblem } from '#core/policy/reason.ts';
import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { raiseAlert } from '#usecases/alert/raise-alert.ts';
import { change } from '#usecases/change.ts';
import { liftsIn } from './change-lockdown.ts';

/**
 * Lifts a lockdown in the name of AWS credentials of the hub, whoever is locked down: so that people who have locked
 * each other out are not out for good. That they may is decided by IAM, which lets them write the table or does not. It
 * always alerts, before anything is lifted. Lifting twice is nothing. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const liftLockdownByAws = async (
  { lockdownId, arn, reason }: { lockdownId: string; arn: string; reason: string },
  ports: Pick<Ports, 'clock' | 'log' | 'policy' | 'lockdowns' | 'logins' | 'alerts' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const problem = reasonProblem(reason);
  if (problem !== undefined) return refuse('invalid-input', problem, 'It is kept with the lockdown.');
  const [policy, lockdown] = await Promise.all([ports.policy.current(), ports.lockdowns.get(lockdownId)]);
  if (!lockdown) return notFound('lockdown', { do: 'list-lockdowns' });
  const at = toIso(ports.clock.nowMs());
  const by = clip(arn, 256);
  const hubId = hubIdOf(policy);
  if (lockdown.status === 'in-force') {
    await raiseAlert(liftByAws(lockdown, { what: scopeWords(policy, lockdown.scope), by, reason, hubId, at }), ports);
  }
  const outcome = await change(liftsIn(ports), lockdownId, ({ lockdown: now }) => {
    if (!now) return notFound('lockdown', { do: 'list-lockdowns' });
    return now.status === 'lifted' ? { keep: now, again: true } : { change: lifted(now, { at, by, reason }) };
  });
  return outcome.ok ? done(outcome.value.state) : outcome;
};
