import { alerts, lockdowns, requests, workflows } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { eventHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import type { Ports } from '#ports/ports.ts';
import { startAccessRequest, startAlertResponse, startLockdown } from '#usecases/workflow/start-workflow.ts';

/** Event → execution. Idempotent. Throws StoreUnavailable, WorkflowUnavailable: EventBridge delivers again. */
export const build = (ports: Pick<Ports, 'requests' | 'alerts' | 'lockdowns' | 'policy' | 'workflows'>) =>
  eventHandler(async ({ name, detail }) => {
    if (name === 'request.submitted') await startAccessRequest(detail, ports);
    if (name === 'lockdown.begun') await startLockdown(detail, ports);
    if (name === 'alert.raised') await startAlertResponse(detail, ports);
  });

export const handler = lazily(() => build(production({ requests, alerts, lockdowns, workflows })));
