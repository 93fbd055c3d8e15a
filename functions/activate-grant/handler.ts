import { lockdowns, outbox, requests } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { activateGrant, windowOf } from '#usecases/grant/activate-grant.ts';

/** Task `ActivateGrant`. Idempotent per request id. Throws what `windowOf` throws; StoreUnavailable is retried. */
export const build = (ports: Parameters<typeof activateGrant>[1]) =>
  task(accessRequest.ActivateGrant, async (input) => windowOf(await activateGrant(input, ports)));

export const handler = lazily(() => build(production({ requests, outbox, lockdowns })));
