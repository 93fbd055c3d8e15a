import { alerts, requests, taskTokens, workflows } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { gateToOpen } from '#events/routing.ts';
import { eventHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { type GatePorts, openGate } from '#usecases/workflow/open-gate.ts';

/** Event → gate. Idempotent. Throws StoreUnavailable, WorkflowUnavailable: EventBridge delivers again. */
export const build = (ports: GatePorts) =>
  eventHandler(async (event) => {
    const due = gateToOpen(event);
    if (due) await openGate(due, ports);
  });

export const handler = lazily(() => build(production({ taskTokens, requests, alerts, workflows })));
