import type { Context } from 'aws-lambda';
import { beforeEach, expect, it } from 'vitest';
import { workflowDue } from '#events/rules/workflow-due.ts';
import type { BusEvent } from '#functions/middy/event.ts';
import { build } from '#functions/start-workflow/handler.ts';
import { matches } from '#local/aws/events/pattern.ts';
import { openWorld, type World } from '#test/kit/world.ts';
import { openAlert } from '#test/slack/render/states.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});

/** Brings to `start-workflow` what its rule lets through of all that was published. */
const deliver = async (): Promise<void> => {
  const handler = build(world.ports);
  for (const { name, detail } of world.published) {
    const event = { source: 'daypass', 'detail-type': name, detail } as BusEvent;
    if (matches(workflowDue.pattern, { ...event })) {
      await handler(event, { getRemainingTimeInMillis: () => 60_000 } as Context);
    }
  }
};

it('a request that was saved has its workflow started under its own id', async () => {
  const requestId = world.ports.ids.ulid();
  const ask = { personId: 'alice', entitlementId: 'orders-admin', durationSec: 1800, reason: 'fixing INC-42' };
  await submitRequest({ requestId, ...ask }, world.ports);
  await deliver();
  expect(world.workflow).toEqual([`start access-request ${requestId}`]);
});

it('an alert that was raised has its workflow started under its own id', async () => {
  const { id: alertId, detection, severity } = openAlert;
  const detail = { eventId: `${alertId}.1`, at: openAlert.raisedAt, alertId, version: 1, detection, severity };
  await world.ports.alerts.save({ alert: openAlert, events: [] });
  await world.ports.outbox.announce([{ name: 'alert.raised', detail }]);
  await deliver();
  expect(world.workflow).toEqual([`start alert-response ${alertId}`]);
});

it('a lockdown that has begun has its workflow started under its own id', async () => {
  const lockdownId = world.ports.ids.ulid();
  const scope = { kind: 'person', personId: 'alice' } as const;
  await beginLockdown({ lockdownId, scope, reason: 'laptop stolen', personId: 'bob' }, world.ports);
  await deliver();
  expect(world.workflow).toEqual([`start lockdown ${lockdownId}`]);
});
