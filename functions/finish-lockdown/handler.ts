import { lockdowns, outbox } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { finishLockdown } from '#usecases/finish-lockdown.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `FinishLockdown`. Idempotent per what was met. Throws StoreUnavailable, VersionConflict (the machine retries them). */
export const build = (ports: Parameters<typeof finishLockdown>[1]) =>
  task(lockdown.FinishLockdown, (input) => finishLockdown(input, ports));

export const handler = lazily(() => build(production({ outbox, lockdowns })));
