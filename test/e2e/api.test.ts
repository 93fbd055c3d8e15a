import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { ended } from './people.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

type View = { id: string; status: string };
const wanted = { entitlement: 'orders-admin', duration: '30m', reason: 'fixing INC-42' };

/** Alice asks over the API with this key. */
const ask = async (token: string, key: string): Promise<{ status: number; body: View }> => {
  const response = await fetch(`${world.appUrl}/v1/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(wanted),
  });
  return { status: response.status, body: (await response.json()) as View };
};

const form = (path: string, fields: Record<string, string>): Promise<Response> =>
  fetch(`${world.appUrl}/v1/device/${path}`, { method: 'POST', body: new URLSearchParams(fields) });

describe('a program without Slack', () => {
  it('asks for a person, once however often it sends the same key, and cancels it', async () => {
    const alice = await world.login('U0ALICE');
    const first = await ask(alice, 'one-key');
    const again = await ask(alice, 'one-key');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.id).toBe(first.body.id);
    await until('the card', () => world.cards('C0ACCESS')[0]);
    expect((await world.api<View>(alice, 'GET', `/requests/${first.body.id}`)).body.status).toBe('pending');
    const cancels = () => world.api<View>(alice, 'POST', `/requests/${first.body.id}/cancel`);
    expect([(await cancels()).body.status, (await cancels()).body.status]).toEqual(['cancelled', 'cancelled']);
    await world.stack.idle();
    expect(world.cards('C0ACCESS')).toHaveLength(1);
  });

  it('ends a grant that was approved in Slack', async () => {
    const alice = await world.login('U0ALICE');
    const { body } = await ask(alice, 'another-key');
    const card = await until('the card', () => world.cards('C0ACCESS')[0]);
    await world.click('U0BOB', card, 'Approve');
    await until('a live grant', () => card.text.includes('Active'));
    expect((await world.api(alice, 'POST', `/requests/${body.id}/end`)).status).toBe(200);
    await ended(world, alice, body.id);
  });

  it('is told to wait until the person has confirmed the login, and is logged out for good', async () => {
    const asked = await form('authorize', { client_id: 'daypass-cli' });
    const { device_code } = (await asked.json()) as { device_code: string };
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const early = await form('token', { grant_type, device_code, client_id: 'daypass-cli' });
    expect(await early.json()).toMatchObject({ error: 'authorization_pending' });

    const alice = await world.login('U0ALICE');
    expect((await world.api(alice, 'GET', '/whoami')).status).toBe(200);
    await fetch(`${world.appUrl}/v1/device/revoke`, { method: 'POST', headers: { authorization: `Bearer ${alice}` } });
    expect((await world.api(alice, 'GET', '/whoami')).status).toBe(401);
  });
});
