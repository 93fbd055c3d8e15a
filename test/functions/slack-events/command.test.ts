import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from '#functions/slack-events/handler.ts';
import { actsIn } from '#test/slack/acts.ts';
import { eventOf, form, startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { onlyRequest, asked, begin, granted, names } = actsIn(() => world);

describe('/access in one line', () => {
  it('saves the request and says who can approve it', async () => {
    const answer = await world.command('orders-admin 20s fixing INC-42');
    expect(answer.status).toBe(200);
    expect(answer.json.response_type).toBe('ephemeral');
    expect(answer.body).toContain('<@U0BOB> or <@U0CAROL> can approve');
    expect(await onlyRequest()).toMatchObject({
      status: 'pending',
      personId: 'alice',
      entitlementId: 'orders-admin',
      durationSec: 20,
      reason: 'fixing INC-42',
      ticket: 'INC-42',
    });
    expect(names()).toEqual(['request.submitted']);
  });

  it('login without its code says where the code comes from', async () => {
    const { body } = await world.command('login');
    expect(body).toContain('The code is missing.');
    expect(body).toContain('daypass login');
  });

  it('uses the usual duration where none was typed', async () => {
    expect((await asked('orders-admin fixing INC-42')).durationSec).toBe(1800);
  });

  it('calls Slack for nothing', async () => {
    await asked();
    expect([world.slack.messages, world.slack.told, world.slack.modals]).toEqual([[], [], []]);
  });

  it.each([
    ['U0DAVE', 'orders-admin 20s fixing INC-42', 'There is no orders-admin that you can ask for.'],
    ['U0ALICE', 'orders-admin 20s', 'the reason is empty'],
    ['U0ALICE', 'orders-admin 9h fixing INC-42', '4 h'],
    ['U0ALICE', 'ordres-admin 20s fixing INC-42', 'orders-admin'],
    ['U0ALICE', 'orders-admin 30 fixing INC-42', 'is not a duration'],
    ['U0STRANGER', 'orders-admin 20s fixing INC-42', 'your Slack id U0STRANGER'],
  ])('is refused in words for %s: %s', async (slackUserId, text, words) => {
    const answer = await world.command(text, slackUserId);
    expect(answer.status).toBe(200);
    expect(answer.json.response_type).toBe('ephemeral');
    expect(answer.body).toContain(words);
    expect(names().filter((name) => name !== 'request.refused')).toEqual([]);
  });

  it('is refused for somebody with a known id from another workspace', async () => {
    const answer = await world.command('orders-admin 20s fixing INC-42', 'U0ALICE', { team_id: 'T0OTHER' });
    expect(answer.body).toContain('does not serve your Slack workspace');
    expect(await world.ports.requests.ofPerson('alice')).toEqual([]);
  });
});

describe('the same signed request again', () => {
  it('gets the same answer and has no second effect', async () => {
    const signed = world.sign(
      form({
        command: '/access',
        text: 'orders-admin 20s fixing INC-42',
        team_id: 'T0DAYPASS',
        user_id: 'U0ALICE',
        trigger_id: '1',
      }),
    );
    const first = await world.send(signed);
    await world.clock.turn(299_000);
    expect(await world.send(signed)).toEqual(first);
    expect(names()).toEqual(['request.submitted']);
    await world.clock.turn(2_000);
    expect((await world.send(signed)).status).toBe(401);
  });

  it('makes one request also where the first handler died before it had answered', async () => {
    const signed = world.sign(
      form({
        command: '/access',
        text: 'orders-admin 20s fixing INC-42',
        team_id: 'T0DAYPASS',
        user_id: 'U0ALICE',
        trigger_id: '1',
      }),
    );
    const dying = build({
      ...world.ports,
      replies: { ...world.ports.replies, keep: async () => Promise.reject(new Error('died')) },
    });
    await dying(eventOf(signed), {} as never);
    await world.clock.turn(16_000);
    expect((await world.send(signed)).body).toContain('can approve');
    await onlyRequest();
  });

  it('sent twice at once makes one request and one vote', async () => {
    const signed = world.sign(
      form({
        command: '/access',
        text: 'orders-admin 20s fixing INC-42',
        team_id: 'T0DAYPASS',
        user_id: 'U0ALICE',
        trigger_id: '1',
      }),
    );
    const [one, other] = await Promise.all([world.send(signed), world.send(signed)]);
    expect(other).toEqual(one);
    await onlyRequest();
  });
});

it('a replayed /access done does not end the grant that came after', async () => {
  const first = await granted();
  const done = world.sign(
    form({ command: '/access', text: 'done', team_id: 'T0DAYPASS', user_id: 'U0ALICE', trigger_id: '1' }),
  );
  const answer = await world.send(done);
  await world.command('orders-read 30s fixing INC-43');
  const second = (await world.ports.requests.ofPerson('alice')).find(({ id }) => id !== first.id);
  if (!second) throw new Error('no second request');
  await begin(second);
  expect(await world.send(done)).toEqual(answer);
  expect((await world.ports.requests.get(second.id))?.status).toBe('active');
});
