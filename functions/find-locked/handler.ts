import { lockdowns, outbox, requests } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { findLocked } from '#usecases/lockdown/find-locked.ts';

/** Task `FindLocked`. Idempotent. Throws StoreUnavailable (the machine retries it). */
export const build = (ports: Parameters<typeof findLocked>[1]) =>
  task(lockdown.FindLocked, (input) => findLocked(input, ports));

export const handler = lazily(() => build(production({ requests, outbox, lockdowns })));
