import { lockdowns, outbox } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { finishLockdown } from '#usecases/lockdown/finish-lockdown.ts';

/**
 * Task `FinishLockdown`. Idempotent per what was met. Throws StoreUnavailable, VersionConflict (the machine retries
 * them).
 */
export const build = (ports: Parameters<typeof finishLockdown>[1]) =>
  task(lockdown.FinishLockdown, (input) => finishLockdown(input, ports));

export const handler = lazily(() => build(production({ outbox, lockdowns })));
