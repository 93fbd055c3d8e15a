import { chains, ledgers, lockdowns, outbox, requests, targetRoles } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { revokeLocked } from '#usecases/revoke-locked.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `RevokeLocked`. Idempotent per lockdown and subject. Every error is retried by the machine, then made visible. */
export const build = (ports: Parameters<typeof revokeLocked>[1]) =>
  task(lockdown.RevokeLocked, async (input) => {
    await revokeLocked(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ requests, outbox, chains, ledgers, targetRoles, lockdowns })));
