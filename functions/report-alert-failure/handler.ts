import { alerts, outbox } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { reportAlertFailure } from '#usecases/alert/report-alert-failure.ts';

/** Task `ReportAlertFailure`. Idempotent per alert id and error. */
export const build = (ports: Parameters<typeof reportAlertFailure>[1]) =>
  task(alertResponse.ReportAlertFailure, async (input) => {
    await reportAlertFailure(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ alerts, outbox })));
