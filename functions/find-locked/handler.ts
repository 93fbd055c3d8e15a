import { lockdowns, outbox, requests } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { findLocked } from '#usecases/find-locked.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `FindLocked`. Idempotent. Throws StoreUnavailable (the machine retries it). */
export const build = (ports: Parameters<typeof findLocked>[1]) =>
  task(lockdown.FindLocked, (input) => findLocked(input, ports));

export const handler = lazily(() => build(production({ requests, outbox, lockdowns })));
