import { alerts, requests, taskTokens, workflows } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { holdGateContract } from '#statemachines/access-request.contract.ts';
import { holdGate } from '#usecases/hold-gate.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Tasks `AwaitApproval`, `AwaitEnd` and `AwaitAnswer`. Idempotent. Throws StoreUnavailable, WorkflowUnavailable (the machine retries them). */
export const build = (ports: Parameters<typeof holdGate>[1]) =>
  task(holdGateContract, async (input) => {
    await holdGate(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ taskTokens, requests, alerts, workflows })));
