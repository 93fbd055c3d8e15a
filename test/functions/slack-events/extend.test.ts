import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicy } from '#core/policy/read.ts';
import { actsIn } from '#test/slack/acts.ts';
import { extensionActsIn } from '#test/slack/extension-acts.ts';
import { startWorld, type World } from '#test/slack/world.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { begin, names, told } = actsIn(() => world);
const { extensionsOf, live, secondsOf, waiting } = extensionActsIn(() => world);

const other = '01JDAAAAAAAAAAAAAAAAAAAAAA';
const fill = (duration: string, reason: string) => ({
  duration: { value: { value: duration } },
  reason: { value: { value: reason } },
});
const opened = async (id: string) => {
  await world.click('grant.extend', id, 'U0ALICE');
  const modal = world.slack.modals.at(-1);
  if (!modal) throw new Error('No form was opened.');
  return modal;
};
describe('Extend…', () => {
  it('opens a form that says by how much at most', async () => {
    const id = await live();
    const modal = await opened(id);
    expect(modal.private_metadata).toMatch(new RegExp(`^${id}\\.[0-9A-Z]{26}$`));
    expect(JSON.stringify(modal)).toContain('At most 3 h more: a grant of orders-admin is at most 4 h in all.');
  });

  it('submitted twice is one extension; opened again it is told that one waits', async () => {
    const id = await live();
    const modal = await opened(id);
    for (const _ of [1, 2]) {
      expect(await world.submit(modal, fill('30m', 'INC-42 takes longer'))).toMatchObject({ status: 200, body: '' });
    }
    expect(await extensionsOf(id)).toMatchObject([{ status: 'waiting', durationSec: 5400 }]);
    await world.click('grant.extend', id, 'U0ALICE');
    expect(world.slack.modals).toHaveLength(1);
    expect(told()).toEqual([expect.stringContaining('You have already asked to extend your grant of orders-admin')]);
  });

  it('that needs no approval extends at once, and twice the same form once', async () => {
    const id = await live('orders-read 10m looking at INC-42');
    const modal = await opened(id);
    for (const _ of [1, 2]) await world.submit(modal, fill('10m', 'INC-42 takes longer'));
    expect(await secondsOf(id)).toBe(1200);
  });

  it.each([
    ['a while', 'INC-42', ['duration'], 'not a duration'],
    ['', 'INC-42', ['duration'], 'not a duration'],
    ['30m', '\u200b ', ['reason'], 'the reason is empty'],
    ['a while', '', ['duration', 'reason'], 'not a duration'],
    ['3h1s', 'INC-42', ['duration'], 'it can be extended by at most 3 hours'],
  ])('filled in with %j and %j says what is wrong beside the field', async (duration, reason, at, words) => {
    const id = await live();
    const modal = await opened(id);
    const answer = await world.submit(modal, fill(duration, reason));
    expect(answer.json.response_action).toBe('errors');
    expect(Object.keys(answer.json.errors as object)).toEqual(at);
    expect(answer.body).toContain(words);
    expect(await extensionsOf(id)).toEqual([]);
    expect(await world.submit(modal, fill('3h', 'INC-42'))).toMatchObject({ status: 200, body: '' });
  });

  it('by anybody but the holder opens nothing and is told to the clicker alone', async () => {
    const id = await live();
    await world.click('grant.extend', id, 'U0BOB');
    await world.click('grant.extend', id, 'U0DAVE');
    await world.click('grant.extend', id, 'U0STRANGER');
    await world.click('grant.extend', other, 'U0ALICE');
    await world.click('grant.extend', '', 'U0ALICE');
    expect(world.slack.modals).toEqual([]);
    expect(told()).toEqual([
      'This grant is not yours but Alice’s. Only Alice can ask for more time.',
      expect.stringContaining('There is no request that you can see.'),
      expect.stringContaining('your Slack id U0STRANGER'),
      expect.stringContaining('There is no request that you can see.'),
      expect.stringContaining('There is no request that you can see.'),
    ]);
  });

  it('with nothing left, on a grant that is over, or of somebody who may not ask any more opens nothing', async () => {
    const id = await live('orders-admin 4h fixing INC-42');
    await world.click('grant.extend', id, 'U0ALICE');
    const yaml = 'developers: [alice, bob, carol]';
    const text = readFileSync(new URL('../../../access.yaml', import.meta.url), 'utf8');
    const changed = readPolicy(text.replace(yaml, 'developers: [bob, carol]').replace('max: 4h', 'max: 8h'));
    if (!changed.ok) throw new Error('The changed policy cannot be read.');
    world.govern(changed.policy);
    await world.click('grant.extend', id, 'U0ALICE');
    await endGrant({ requestId: id, personId: 'alice', reason: 'done' }, world.ports);
    await world.click('grant.extend', id, 'U0ALICE');
    expect(world.slack.modals).toEqual([]);
    expect(told()).toEqual([
      expect.stringContaining('it cannot be extended any more.'),
      expect.stringContaining('orders-admin'),
      expect.stringContaining('is not live any more'),
    ]);
  });

  it.each(['', 'nonsense', `${other}.${other}`, `${other}.x`, '{"requestId":"x"}'])(
    'whose form comes back with %j for what it carries asks for nothing',
    async (private_metadata) => {
      const id = await live();
      const answer = await world.submit({ callback_id: 'extend', private_metadata }, fill('30m', 'INC-42'));
      expect(answer.json).toMatchObject({
        response_action: 'errors',
        errors: { reason: expect.stringContaining('There is no request that you can see.') },
      });
      expect(await extensionsOf(id)).toEqual([]);
    },
  );

  it('whose form is submitted by somebody else, or for somebody else’s grant, asks for nothing', async () => {
    const id = await live();
    const modal = await opened(id);
    const answer = await world.submit(modal, fill('30m', 'mine now'), 'U0BOB');
    expect(answer.body).toContain('There is no request that you can see.');
    expect(await extensionsOf(id)).toEqual([]);
  });

  it('whose form is submitted after the grant has ended says so in the form', async () => {
    const id = await live();
    const modal = await opened(id);
    await endGrant({ requestId: id, personId: 'bob', reason: 'revoked' }, world.ports);
    const answer = await world.submit(modal, fill('30m', 'INC-42'));
    expect(answer.json).toMatchObject({ errors: { reason: expect.stringContaining('is not live any more') } });
  });
});

describe('/access extend', () => {
  it('asks in one line and says who can approve it, until when', async () => {
    const id = await live();
    const { body } = await world.command('extend 30m INC-42 takes longer');
    expect(body).toContain('Asked for 30 min more of `orders-admin`');
    expect(body).toContain('<@U0BOB> or <@U0CAROL> can approve');
    expect(await extensionsOf(id)).toMatchObject([{ status: 'waiting', reason: 'INC-42 takes longer' }]);
    expect(names().at(-1)).toBe('extension.asked');
  });

  it('says the new end at once where no approval is needed', async () => {
    const id = await live('orders-read 10m looking at INC-42');
    const { body } = await world.command(`extend ${id} 10m INC-42 takes longer`);
    expect(body).toContain('✅ Extended: you have `orders-read`');
    expect(await secondsOf(id)).toBe(1200);
  });

  it('without a duration opens the form', async () => {
    const id = await live();
    expect(await world.command('extend')).toMatchObject({ status: 200, body: '' });
    expect(world.slack.modals.at(-1)?.private_metadata).toContain(id);
    await world.command('extend 30m INC-42 takes longer');
    expect((await world.command(`extend ${id.toLowerCase()}`)).body).toContain('You have already asked to extend');
  });

  it.each([
    ['extend 30m INC-42', 'You have no live grant.'],
    ['extend 30 INC-42', 'is not a duration'],
    ['extend 30 INC-42', '/access extend 30m INC-42 takes longer'],
    [`extend ${other} 30m INC-42`, 'There is no request that you can see.'],
  ])('%s without anything to extend is answered %s', async (text, words) => {
    expect((await world.command(text)).body).toContain(words);
  });

  it.each([
    ['extend 30m', 'the reason is empty'],
    ['extend 3h1s INC-42', 'it can be extended by at most 3 hours'],
  ])('%s is answered %s', async (text, words) => {
    const id = await live();
    expect((await world.command(text)).body).toContain(words);
    expect(await extensionsOf(id)).toEqual([]);
  });

  it('with several live grants names the commands for each', async () => {
    const first = await live();
    await world.command('orders-read 10m looking at INC-42');
    const second = (await world.ports.requests.ofPerson('alice')).find(({ id }) => id !== first);
    if (!second) throw new Error('There is one request only.');
    await begin(second);
    const { body } = await world.command('extend 30m INC-42 takes longer');
    for (const id of [first, second.id]) expect(body).toContain(`/access extend ${id}`);
  });

  it('is in the lists: as mine, and for those whose answer it waits for', async () => {
    await waiting();
    expect((await world.command('list')).body).toContain('asked for 30 min more');
    expect((await world.command('list', 'U0BOB')).body).toContain('Alice asks for 30 min more of `orders-admin`');
    expect((await world.command('list', 'U0DAVE')).body).not.toContain('30 min more');
    expect((await world.command('help')).body).toContain('/access extend 30m');
  });
});
