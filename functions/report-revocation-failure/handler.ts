import { outbox, requests } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { reportRevocationFailure } from '#usecases/report-revocation-failure.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `ReportRevocationFailure`. Counts one more failed attempt each time. Throws StoreUnavailable (the machine retries it). */
export const build = (ports: Parameters<typeof reportRevocationFailure>[1]) =>
  task(accessRequest.ReportRevocationFailure, async (input) => {
    await reportRevocationFailure(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ requests, outbox })));
