import { chains, ledgers, outbox, requests, targetRoles } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { revokeSessions } from '#usecases/revoke/revoke-sessions.ts';

/** Task `RevokeSessions`. Idempotent per request id. Every error is retried by the machine, then made visible. */
export const build = (ports: Parameters<typeof revokeSessions>[1]) =>
  task(accessRequest.RevokeSessions, async (input) => ({ status: (await revokeSessions(input, ports)).status }));

export const handler = lazily(() => build(production({ requests, outbox, chains, ledgers, targetRoles })));
