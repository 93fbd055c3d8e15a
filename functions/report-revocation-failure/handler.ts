import { outbox, requests } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { reportRevocationFailure } from '#usecases/revoke/report-revocation-failure.ts';

/**
 * Task `ReportRevocationFailure`. Counts one more failed attempt each time. Throws StoreUnavailable (the machine
 * retries it).
 */
export const build = (ports: Parameters<typeof reportRevocationFailure>[1]) =>
  task(accessRequest.ReportRevocationFailure, async (input) => {
    await reportRevocationFailure(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ requests, outbox })));
