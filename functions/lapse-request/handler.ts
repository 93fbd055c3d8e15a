import { outbox, requests } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { lapseRequest } from '#usecases/lapse-request.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `LapseRequest`. Idempotent per request id. Throws StoreUnavailable (the machine retries it). */
export const build = (ports: Parameters<typeof lapseRequest>[1]) =>
  task(accessRequest.LapseRequest, async (input) => ({ status: (await lapseRequest(input, ports)).status }));

export const handler = lazily(() => build(production({ requests, outbox })));
