import { alerts, lockdowns, requests, workflows } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import type { Ports } from '#ports/ports.ts';
import { startAccessRequest, startAlertResponse, startLockdown } from '#usecases/start-workflow.ts';
import { eventHandler } from '../event.ts';
import { lazily } from '../lazily.ts';

/** Event → execution. Idempotent. Throws StoreUnavailable, WorkflowUnavailable: EventBridge delivers again. */
export const build = (ports: Pick<Ports, 'requests' | 'alerts' | 'lockdowns' | 'policy' | 'workflows'>) =>
  eventHandler(async ({ name, detail }) => {
    if (name === 'request.submitted') await startAccessRequest(detail, ports);
    if (name === 'lockdown.begun') await startLockdown(detail, ports);
    if (name === 'alert.raised') await startAlertResponse(detail, ports);
  });

export const handler = lazily(() => build(production({ requests, alerts, lockdowns, workflows })));
