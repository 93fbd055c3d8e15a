import { lockdowns, outbox, requests } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { DaypassError } from '#core/errors.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';

/** Task `ActivateGrant`. Idempotent per request id. Throws RequestClosed where there is nothing to wait for; StoreUnavailable is retried. */
export const build = (ports: Parameters<typeof activateGrant>[1]) =>
  task(accessRequest.ActivateGrant, async (input) => {
    const request = await activateGrant(input, ports);
    if ('grant' in request) return { endsAt: request.grant.endsAt };
    throw new DaypassError('RequestClosed', `Request ${request.id} was not activated: it is ${request.status}.`);
  });

export const handler = lazily(() => build(production({ requests, outbox, lockdowns })));
