import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { type Answered, type Call, caller, logIn } from './call.ts';

let world: ApiWorld;
let call: Call;
let alice: string;
let bob: string;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
  [alice, bob] = [await logIn(call, world, 'alice'), await logIn(call, world, 'bob')];
});
afterAll(() => world.stop());

const post = (path: string, body: unknown = {}, token = alice): Promise<Answered> =>
  call({ method: 'POST', path, token, body });
const asked = async (entitlement: string): Promise<string> => {
  const answer = await post('/v1/requests', { entitlement, duration: '30m', reason: 'fixing INC-42' });
  return (answer.body as { id: string }).id;
};
const live = async (): Promise<string> => {
  const requestId = await asked('orders-read');
  await activateGrant({ requestId }, world.ports);
  return requestId;
};
/** What to do next, in words and as data. */
const nextOf = ({ body }: Answered): unknown[] => {
  const { next, nextStep } = (body as { error: { next: string; nextStep?: object } }).error;
  return [next, nextStep];
};

describe('a refusal says in calls of the API what to do next, and sends it as data', () => {
  it('to whoever asks for what is not there, and for a request that is not theirs', async () => {
    const absent = await post('/v1/requests', { entitlement: 'orders-drop', reason: 'fixing INC-42' });
    expect(nextOf(absent)).toEqual(['GET /v1/entitlements lists what you can ask for.', { do: 'see-entitlements' }]);
    const foreign = await post('/v1/requests/01JDAAAAAAAAAAAAAAAAAAAAAA/cancel');
    expect(nextOf(foreign)).toEqual(['GET /v1/requests lists yours.', { do: 'list' }]);
  });

  it('to whoever ends a request that waits', async () => {
    const requestId = await asked('orders-admin');
    expect(nextOf(await post(`/v1/requests/${requestId}/end`))).toEqual([
      `POST /v1/requests/${requestId}/cancel takes it back.`,
      { do: 'cancel', requestId },
    ]);
  });

  it('to whoever takes a grant back, or ends one that is not theirs', async () => {
    const requestId = await live();
    expect(nextOf(await post(`/v1/requests/${requestId}/cancel`))).toEqual([
      `POST /v1/requests/${requestId}/end ends the grant.`,
      { do: 'end', requestId },
    ]);
    expect(nextOf(await post(`/v1/requests/${requestId}/end`, {}, bob))).toEqual([
      'GET /v1/requests lists yours.',
      { do: 'list' },
    ]);
  });

  it('to whoever wants more time for a grant that is over', async () => {
    const requestId = await live();
    await post(`/v1/requests/${requestId}/end`);
    const late = await post(`/v1/requests/${requestId}/extend`, { duration: '10m', reason: 'INC-42 takes longer' });
    expect(nextOf(late)).toEqual([
      'Ask for orders-read again with POST /v1/requests.',
      { do: 'ask', entitlementId: 'orders-read' },
    ]);
  });
});
