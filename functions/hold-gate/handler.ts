import { alerts, requests, taskTokens, workflows } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { holdGateContract } from '#statemachines/access-request.contract.ts';
import { holdGate } from '#usecases/workflow/hold-gate.ts';

/**
 * Tasks `AwaitApproval`, `AwaitEnd` and `AwaitAnswer`. Idempotent. Throws StoreUnavailable, WorkflowUnavailable (the
 * machine retries them).
 */
export const build = (ports: Parameters<typeof holdGate>[1]) =>
  task(holdGateContract, async (input) => {
    await holdGate(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ taskTokens, requests, alerts, workflows })));
