import { lockdowns, outbox, requests } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { reportLockedFailure } from '#usecases/report-locked-failure.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `ReportLockedFailure`. Idempotent per subject and error. Throws StoreUnavailable (the machine retries it). */
export const build = (ports: Parameters<typeof reportLockedFailure>[1]) =>
  task(lockdown.ReportLockedFailure, async (input) => {
    await reportLockedFailure(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ requests, outbox, lockdowns })));
