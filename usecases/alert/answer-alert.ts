import type { Alert } from '#core/alert/alert.ts';
import { answered } from '#core/alert/answer.ts';
import { isRevocable } from '#core/alert/remedy.ts';
import { toIso } from '#core/instant.ts';
import { barred } from '#core/lockdown/gate.ts';
import { alertMayDismiss, alertMayRevoke } from '#core/policy/decide.ts';
import { nameOf, peopleIn } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { anyOf } from '#core/policy/sentences.ts';
import { done, notFound, type Outcome, type Refused, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { change } from '#usecases/change.ts';
import { alertsIn } from './change-alert.ts';

type Answering = { alertId: string; personId: string; action: 'revoke' | 'expected' };

/**
 * One person's answer to an alert; `alert.answered` lets `alert-response` go on. The first answer counts: the same
 * again by the same person is nothing, any other is refused and says who was first. Throws `StoreUnavailable`,
 * `PolicyUnreadable`.
 */
export const answerAlert = async (
  answering: Answering,
  ports: Pick<Ports, 'clock' | 'policy' | 'alerts' | 'lockdowns' | 'outbox'>,
): Promise<Outcome<Alert>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const { alertId, personId: by, action } = answering;
  const outcome = await change(alertsIn(ports), alertId, (alert) => {
    if (!alert) return notFound('alert');
    const refusal = notAllowed(policy, alert, answering) ?? barred({ policy, lockdowns }, by, 'act');
    if (refusal) return refusal;
    if (alert.status === 'open') return { change: answered(alert, { action, at: toIso(ports.clock.nowMs()), by }) };
    const same = alert.answer.by === by && alert.answer.action === action;
    return same ? { keep: alert, again: true } : alreadyAnswered(policy, alert);
  });
  return outcome.ok ? done(outcome.value.state) : outcome;
};

const notAllowed = (policy: Policy, alert: Alert, { personId, action }: Answering): Refused | undefined => {
  if (action === 'revoke') {
    if (!alertMayRevoke(policy, personId)) {
      return refuse('not-allowed', 'You cannot revoke from alerts.', askOneOf(policy, policy.alerts.mayRevoke));
    }
    if (isRevocable(alert)) return undefined;
    return refuse(
      'not-allowed',
      'There is nothing that Daypass could revoke for this alert.',
      'Put it right in the account, as the alert says. Whoever takes a managed role meanwhile raises an alert that can be revoked.',
    );
  }
  if (!alertMayDismiss(policy, personId)) {
    return refuse('not-allowed', 'You cannot mark alerts as expected.', askOneOf(policy, policy.alerts.mayDismiss));
  }
  if (alert.first.personId === personId) {
    return refuse(
      'not-allowed',
      'This alert is about you, so you cannot mark it as expected.',
      askOneOf(policy, policy.alerts.mayDismiss, personId),
    );
  }
  return undefined;
};

const askOneOf = (policy: Policy, groups: readonly string[], except?: string): string => {
  const names = peopleIn(policy, groups)
    .filter((person) => person.id !== except)
    .map((person) => person.name);
  return names.length > 0
    ? `Ask ${anyOf(names)} to answer it.`
    : 'The policy lets nobody do it at the moment: ask whoever keeps it.';
};

const said = { revoke: 'Revoke', expected: 'Expected', unanswered: 'nothing in time' } as const;

const alreadyAnswered = (policy: Policy, { answer }: Exclude<Alert, { status: 'open' }>): Refused =>
  refuse(
    'already-decided',
    answer.by === undefined
      ? `Nobody answered in time, so the policy did: ${answer.action === 'revoke' ? 'Revoke' : 'closed without an answer'}.`
      : `${nameOf(policy, answer.by)} already answered: ${said[answer.action]}.`,
    'Nothing more is needed from you.',
  );
