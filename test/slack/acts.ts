import { activate } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { requestsIn } from '#usecases/change-request.ts';
import type { World } from './world.ts';

/** What alice does in the world of one test, and what can be seen of it. `world` is asked at each use. */
export const actsIn = (world: () => World) => {
  const onlyRequest = async (): Promise<AccessRequest> => {
    const [request, ...others] = await world().ports.requests.ofPerson('alice');
    if (!request || others.length > 0) throw new Error(`${others.length + (request ? 1 : 0)} requests instead of one`);
    return request;
  };
  const asked = async (text = 'orders-admin 20s fixing INC-42'): Promise<AccessRequest> => {
    await world().command(text);
    return onlyRequest();
  };
  const begin = async (request: AccessRequest): Promise<AccessRequest> => {
    if (request.status !== 'approved') throw new Error(`${request.status} instead of approved`);
    return requestsIn(world().ports).save(activate(request, toIso(world().clock.nowMs())), request);
  };
  return {
    onlyRequest,
    asked,
    /** Begins the grant of an approved request. */
    begin,
    /** A request of alice's whose grant is live. */
    granted: async () => begin(await asked('orders-read 20s fixing INC-42')),
    /** The names of the published events. */
    names: () => world().events.map(({ name }) => name),
    /** What the clickers were told, the way they read it. */
    told: () =>
      world().events.flatMap((event) =>
        event.name === 'action.refused' ? `${event.detail.message} ${event.detail.next}` : [],
      ),
  };
};
