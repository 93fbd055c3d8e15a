import { alerts, requests, taskTokens, workflows } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { eventHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { openGate } from '#usecases/workflow/open-gate.ts';

/** Event → gate. Idempotent. Throws StoreUnavailable, WorkflowUnavailable: EventBridge delivers again. */
export const build = (ports: Parameters<typeof openGate>[1]) =>
  eventHandler(async ({ name, detail }) => {
    switch (name) {
      case 'request.approved':
      case 'request.denied':
      case 'request.cancelled':
      case 'request.refused':
        return openGate({ name: detail.requestId, gate: 'AwaitApproval' }, ports);
      case 'grant.extended':
      case 'grant.ending':
        return openGate({ name: detail.requestId, gate: 'AwaitEnd' }, ports);
      case 'alert.answered':
        return openGate({ name: detail.alertId, gate: 'AwaitAnswer' }, ports);
      default:
        return;
    }
  });

export const handler = lazily(() => build(production({ taskTokens, requests, alerts, workflows })));
