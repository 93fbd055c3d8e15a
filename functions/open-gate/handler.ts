import { alerts, requests, taskTokens, workflows } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { openGate } from '#usecases/open-gate.ts';
import { eventHandler } from '../event.ts';
import { lazily } from '../lazily.ts';

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
