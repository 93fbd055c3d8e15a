import type { AccessRequest, Extension, LiveRequest } from '#core/request/request.ts';
import { actsIn } from './acts.ts';
import type { World } from './world.ts';

/** What it takes for alice to ask for more time in the world of one test, and what became of it. */
export const extensionActsIn = (world: () => World) => {
  const { asked, begin } = actsIn(world);
  const stored = async (id: string): Promise<AccessRequest> => {
    const request = await world().ports.requests.get(id);
    if (!request) throw new Error(`There is no request ${id}.`);
    return request;
  };
  const extensionsOf = async (id: string): Promise<readonly Extension[]> => (await stored(id)).extensions ?? [];
  /** A live grant of alice's, an hour of orders-admin unless another line is given. */
  const live = async (text = 'orders-admin 1h fixing INC-42'): Promise<string> => {
    const { id, status } = await asked(text);
    if (status === 'pending') await world().click('request.approve', id, 'U0BOB');
    await begin(await stored(id));
    return id;
  };
  /** Asks for 30 min more, and gives the value of the buttons under it. */
  const askedMore = async (id: string, reason = 'INC-42 takes longer'): Promise<string> => {
    await world().command(`extend ${id} 30m ${reason}`);
    return `${id}.${(await extensionsOf(id)).at(-1)?.id}`;
  };
  return {
    stored,
    extensionsOf,
    live,
    askedMore,
    /** How long the window is now. */
    secondsOf: async (id: string): Promise<number> => {
      const { grant } = (await stored(id)) as LiveRequest;
      return (Date.parse(grant.endsAt) - Date.parse(grant.startsAt)) / 1000;
    },
    /** A live grant with an extension that waits. */
    waiting: async (): Promise<{ id: string; value: string }> => {
      const id = await live();
      return { id, value: await askedMore(id) };
    },
    approve: (value: string, who = 'U0BOB') => world().click('extension.approve', value, who),
    /** Submits the form behind Deny…. */
    deny: (value: string, reason = 'use what is left', who = 'U0BOB') =>
      world().submit(
        { callback_id: 'extension.deny', private_metadata: value },
        { reason: { value: { value: reason } } },
        who,
      ),
  };
};
