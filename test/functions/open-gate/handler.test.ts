import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import type { Alert } from '#core/alert/alert.ts';
import type { Change } from '#core/request/change.ts';
import { submit } from '#core/request/submit.ts';
import { approve, refuseLater } from '#core/request/waiting.ts';
import type { AlertEvent } from '#events/events.ts';
import { gateDue } from '#events/rules/gate-due.ts';
import type { BusEvent } from '#functions/middy/event.ts';
import { build } from '#functions/open-gate/handler.ts';
import { matches } from '#local/aws/events/pattern.ts';
import { openAlert } from '#test/slack/render/states.ts';

const id = '01JDAAAAAAAAAAAAAAAAAAAAAA';
const at = '2026-11-22T10:00:00.000Z';

const asked = submit({
  id,
  ask: { personId: 'alice', entitlementId: 'orders-admin', durationSec: 3600, reason: 'fixing INC-42' },
  decision: { policyDigest: 'd', trace: [], verdict: 'needs-approval', count: 1, approvers: ['bob'], groups: [] },
  accountId: '222222222222',
  roleName: 'daypass-jit-orders-admin',
  at,
  lapsesAt: '2026-11-22T11:00:00.000Z',
}).request;
if (asked.status !== 'pending') throw new Error(`The request is ${asked.status}.`);
const pending = asked;

/** What the bus brings to `open-gate`, while the request or the alert is as the change left it. */
const told = async (
  event: Change['events'][number] | AlertEvent | undefined,
  now: { request?: Change['request']; alert?: Alert },
) => {
  const done: string[] = [];
  const onBus = { source: 'daypass', 'detail-type': event?.name ?? '', detail: event?.detail } as BusEvent;
  if (!matches(gateDue.pattern, { ...onBus })) return ['not sent'];
  const handler = build({
    taskTokens: {
      find: async (name, gate) => ({ taskToken: `${gate} of ${name}` }),
      cameTooEarly: async () => undefined,
    },
    requests: { get: async () => now.request },
    alerts: { get: async () => now.alert },
    workflows: {
      succeed: async (token: string, output: object) => {
        done.push(`${token} goes on with ${JSON.stringify(output)}`);
        return 'resumed';
      },
      fail: async (token: string, error: string) => {
        done.push(`${token} fails with ${error}`);
        return 'resumed';
      },
    },
    log: { info: () => {} },
  });
  await handler(onBus, { getRemainingTimeInMillis: () => 60_000 } as Context);
  return done;
};

it('a pending request that a lockdown refuses ends its execution at once, and does not wait until it lapses', async () => {
  const decision = { policyDigest: 'd', trace: [], verdict: 'refused' as const, reasons: ['Alice is locked down.'] };
  const { request, events } = refuseLater(pending, decision, at);
  expect(await told(events[0], { request })).toEqual([`AwaitApproval of ${id} fails with RequestClosed`]);
});

it('the vote that decides lets its execution go on', async () => {
  const { request, events } = approve(pending, { personId: 'bob', verdict: 'approve', at }, true);
  expect(await told(events[0], { request })).toEqual([`AwaitApproval of ${id} goes on with {"status":"approved"}`]);
});

it('a vote that does not decide is not even sent', async () => {
  const { request, events } = approve(pending, { personId: 'bob', verdict: 'approve', at }, false);
  expect(await told(events[0], { request })).toEqual(['not sent']);
});

it('the answer to an alert lets its execution go on with what was answered', async () => {
  const { id: alertId, detection, severity } = openAlert;
  const event: AlertEvent = {
    name: 'alert.answered',
    detail: { eventId: `${alertId}.2`, at, alertId, version: 2, detection, severity, by: 'bob' },
  };
  const alert: Alert = { ...openAlert, status: 'answered', answer: { action: 'revoke', at, by: 'bob' } };
  expect(await told(event, { alert })).toEqual([`AwaitAnswer of ${alertId} goes on with {"action":"revoke"}`]);
});
