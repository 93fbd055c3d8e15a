import { outbox, requests } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { lapseRequest } from '#usecases/decide/lapse-request.ts';

/** Task `LapseRequest`. Idempotent per request id. Throws StoreUnavailable (the machine retries it). */
export const build = (ports: Parameters<typeof lapseRequest>[1]) =>
  task(accessRequest.LapseRequest, async (input) => ({ status: (await lapseRequest(input, ports)).status }));

export const handler = lazily(() => build(production({ requests, outbox })));
