import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actsIn } from '#test/slack/acts.ts';
import { startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { asked, begin, granted, told } = actsIn(() => world);

/** What a command that was refused answers, as one line. */
const said = async (text: string, slackUserId?: string): Promise<unknown> =>
  (await world.command(text, slackUserId)).json.text;

describe('a refusal says in Slack’s own commands and buttons what to do next', () => {
  it('to whoever asks for what is not there', async () => {
    expect(await said('orders-drop fixing INC-42')).toBe(
      '🚫 There is no orders-drop that you can ask for. Did you mean orders-read? Use /access to see what you can ask for.',
    );
    expect(await said('cancel 01JDAAAAAAAAAAAAAAAAAAAAAA')).toBe(
      '🚫 There is no request that you can see. Use /access list to see yours.',
    );
  });

  it('to whoever ends a request that waits, or takes a grant back', async () => {
    const { id } = await asked();
    expect(await said(`done ${id}`)).toBe(
      '🚫 There is no live grant to end: this request is pending. Use /access cancel to take it back.',
    );
    await world.click('request.approve', id);
    await begin(await world.ports.requests.get(id).then((request) => request ?? Promise.reject(new Error('gone'))));
    expect(await said(`cancel ${id}`)).toBe(
      '🚫 This request cannot be cancelled: it is active. Use /access done to end the grant.',
    );
  });

  it('to whoever is done with somebody else’s grant', async () => {
    const { id } = await granted();
    await world.click('grant.done', id, 'U0BOB');
    expect(told()).toEqual(['This grant is not yours but Alice’s. Press Revoke on its card to end it.']);
  });

  it('to whoever wants more time for a grant that is over, or that is as long as it may be', async () => {
    const { id } = await granted();
    expect(await said(`extend ${id} 2h INC-42 takes longer`)).toBe(
      '🚫 A grant of orders-read is at most 1 hour in all, and yours is 20 seconds already: it can be extended by at most 59 minutes 40 seconds. Ask for that much or less.',
    );
    await said(`extend ${id} 3580s INC-42 takes longer`);
    expect(await said(`extend ${id} 1s INC-42 takes longer`)).toBe(
      '🚫 A grant of orders-read is at most 1 hour in all, and yours is 1 hour already: it cannot be extended any more. Ask again with /access orders-read when it has ended.',
    );
    await said(`done ${id}`);
    expect(await said(`extend ${id} 30m INC-42 takes longer`)).toBe(
      '🚫 Your grant of orders-read is not live any more, so it cannot be extended. Ask again with /access orders-read.',
    );
  });

  it('to whoever locks down what is locked down already', async () => {
    await world.command('lockdown person dave laptop stolen', 'U0BOB');
    const [modal] = world.slack.modals;
    const reason = { reason: { value: { value: 'laptop stolen' } } };
    await world.submit(modal ?? {}, reason, 'U0BOB');
    const again = await world.submit(modal ?? {}, reason, 'U0CAROL');
    expect(again.body).toContain('Dave is locked down already, by Bob since ');
    expect(again.body).toContain('It holds; nothing more is needed. To lift it: /access lockdown lift person dave');
  });
});
