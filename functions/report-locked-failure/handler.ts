import { lockdowns, outbox, requests } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { reportLockedFailure } from '#usecases/lockdown/report-locked-failure.ts';

/** Task `ReportLockedFailure`. Idempotent per subject and error. Throws StoreUnavailable (the machine retries it). */
export const build = (ports: Parameters<typeof reportLockedFailure>[1]) =>
  task(lockdown.ReportLockedFailure, async (input) => {
    await reportLockedFailure(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ requests, outbox, lockdowns })));
