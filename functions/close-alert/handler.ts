import { alerts, outbox } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { closeAlert } from '#usecases/alert/close-alert.ts';

/** Task `CloseAlert`. Idempotent per alert id. */
export const build = (ports: Parameters<typeof closeAlert>[1]) =>
  task(alertResponse.CloseAlert, async ({ alertId, result }) => {
    await closeAlert({ alertId, ...(result !== undefined && { result }) }, ports);
    return {};
  });

export const handler = lazily(() => build(production({ alerts, outbox })));
