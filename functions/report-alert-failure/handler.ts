import { alerts, outbox } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { reportAlertFailure } from '#usecases/report-alert-failure.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `ReportAlertFailure`. Idempotent per alert id and error. */
export const build = (ports: Parameters<typeof reportAlertFailure>[1]) =>
  task(alertResponse.ReportAlertFailure, async (input) => {
    await reportAlertFailure(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ alerts, outbox })));
