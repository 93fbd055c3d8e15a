import { alerts, outbox } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { closeAlert } from '#usecases/close-alert.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `CloseAlert`. Idempotent per alert id. */
export const build = (ports: Parameters<typeof closeAlert>[1]) =>
  task(alertResponse.CloseAlert, async ({ alertId, result }) => {
    await closeAlert({ alertId, ...(result !== undefined && { result }) }, ports);
    return {};
  });

export const handler = lazily(() => build(production({ alerts, outbox })));
