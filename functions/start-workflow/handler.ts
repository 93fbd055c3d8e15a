import { alerts, lockdowns, requests, workflows } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { workflowToStart } from '#events/routing.ts';
import { eventHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { startWorkflow } from '#usecases/workflow/start-workflow.ts';

/** Event → execution. Idempotent. Throws StoreUnavailable, WorkflowUnavailable: EventBridge delivers again. */
export const build = (ports: Parameters<typeof startWorkflow>[1]) =>
  eventHandler(async (event) => {
    const due = workflowToStart(event);
    if (due) await startWorkflow(due, ports);
  });

export const handler = lazily(() => build(production({ requests, alerts, lockdowns, workflows })));
