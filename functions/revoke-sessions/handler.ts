import { chains, ledgers, outbox, requests, targetRoles } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { revokeSessions } from '#usecases/revoke-sessions.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `RevokeSessions`. Idempotent per request id. Every error is retried by the machine, then made visible. */
export const build = (ports: Parameters<typeof revokeSessions>[1]) =>
  task(accessRequest.RevokeSessions, async (input) => ({ status: (await revokeSessions(input, ports)).status }));

export const handler = lazily(() => build(production({ requests, outbox, chains, ledgers, targetRoles })));
