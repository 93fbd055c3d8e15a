import { chains, ledgers, lockdowns, outbox, requests, targetRoles } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { revokeLocked } from '#usecases/lockdown/revoke-locked.ts';

/**
 * Task `RevokeLocked`. Idempotent per lockdown and subject. Every error is retried by the machine, then made visible.
 */
export const build = (ports: Parameters<typeof revokeLocked>[1]) =>
  task(lockdown.RevokeLocked, async (input) => {
    await revokeLocked(input, ports);
    return {};
  });

export const handler = lazily(() => build(production({ requests, outbox, chains, ledgers, targetRoles, lockdowns })));
