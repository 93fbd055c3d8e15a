import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toIso } from '#core/instant.ts';
import { advance, type Login } from '#core/login/login.ts';
import { until } from '#test/kit/until.ts';
import { actsIn } from '#test/slack/acts.ts';
import { startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { onlyRequest, names, told } = actsIn(() => world);

describe('the form', () => {
  const fill = (more: Record<string, object> = {}) => ({
    entitlement: { value: { selected_option: { value: 'orders-admin' } } },
    duration: { value: { value: '20s' } },
    reason: { value: { value: 'fixing INC-42' } },
    ticket: { value: { value: null } },
    ...more,
  });

  it('opens with what this person may ask, and nothing else', async () => {
    expect(await world.command('')).toMatchObject({ status: 200, body: '' });
    const [modal] = world.slack.modals;
    const text = JSON.stringify(modal);
    expect(['orders-read', 'orders-admin', 'payments-admin'].map((id) => text.includes(id))).toEqual([
      true,
      true,
      true,
    ]);
    expect((await world.command('', 'U0DAVE')).body).toContain('There is nothing that you may ask for.');
    expect(world.slack.modals).toHaveLength(1);
  });

  it('submitted twice is one request; opened again it is another', async () => {
    await world.command('');
    const [modal] = world.slack.modals;
    expect(await world.submit(modal ?? {}, fill())).toMatchObject({ status: 200, body: '' });
    expect(await world.submit(modal ?? {}, fill())).toMatchObject({ status: 200, body: '' });
    expect(await onlyRequest()).toMatchObject({ durationSec: 20, ticket: 'INC-42', status: 'pending' });
    await world.command('');
    await world.submit(world.slack.modals[1] ?? {}, fill());
    expect(await world.ports.requests.ofPerson('alice')).toHaveLength(2);
  });

  it('keeps what was typed where it is refused, and takes the correction', async () => {
    await world.command('');
    const modal = world.slack.modals[0] ?? {};
    const wrong = await world.submit(modal, fill({ duration: { value: { value: 'a while' } } }));
    expect(wrong.json).toMatchObject({
      response_action: 'errors',
      errors: { duration: expect.stringContaining('not a duration') },
    });
    const tooLong = await world.submit(modal, fill({ duration: { value: { value: '9h' } } }));
    expect(tooLong.json).toMatchObject({
      response_action: 'errors',
      errors: { entitlement: expect.stringContaining('4 h') },
    });
    expect(await world.submit(modal, fill())).toMatchObject({ status: 200, body: '' });
  });

  it('says what to do when Slack does not open it', async () => {
    world.slack.before = () => {
      throw new Error('expired_trigger_id with a secret');
    };
    const answer = await world.command('');
    expect(answer.body).toContain('That did not work');
    expect(answer.body).not.toContain('secret');
  });
});

describe('/access login', () => {
  const loginId = '01KAN0DAYPASS0000000000001';
  /** What Slack was asked to show instead of the clicked message. */
  const replaced: { replace_original?: boolean; text: string }[] = [];
  let hooks: Server;
  let response_url: string;
  beforeAll(async () => {
    hooks = createServer(async (req, res) => {
      let text = '';
      for await (const chunk of req) text += String(chunk);
      replaced.push(JSON.parse(text));
      res.end('ok');
    });
    await new Promise<void>((listening) => hooks.listen(0, '127.0.0.1', listening));
    response_url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/`;
  });
  beforeEach(() => void replaced.splice(0));
  afterAll(() => void hooks.close());
  const shown = async (): Promise<string> => {
    await until('the message to be replaced', () => replaced.length > 0);
    const [message] = replaced.splice(0);
    expect(message).toMatchObject({ replace_original: true });
    return JSON.stringify(message);
  };

  const waiting = async (
    askedFrom: Login['askedFrom'] = { ip: '198.51.100.7', program: 'daypass', host: '<!channel> laptop' },
  ) => {
    const at = world.clock.nowMs();
    await world.ports.logins.save({
      id: loginId,
      version: 1,
      deviceCodeHash: 'hash',
      userCode: 'BCDF-GHJK',
      askedFrom,
      askedAt: toIso(at),
      codeExpiresAt: toIso(at + 600_000),
      status: 'waiting',
    });
  };
  const stored = () => world.ports.logins.byUserCode('BCDF-GHJK');

  it('shows from where it was asked for and confirms nothing by itself', async () => {
    await waiting();
    const answer = await world.command('login bcdfghjk');
    expect(answer.body).toContain('198.51.100.7');
    expect(answer.body).toContain('Only if you started this yourself');
    expect(answer.body).toContain('"action_id":"login.confirm"');
    expect(await stored()).toMatchObject({ status: 'waiting' });
  });

  it('is confirmed by the button, as the one who clicked, and the prompt says so and can be taken back', async () => {
    await waiting();
    await world.command('login BCDF-GHJK');
    await world.click('login.confirm', 'BCDF-GHJK', 'U0ALICE', { response_url });
    expect(await stored()).toMatchObject({ status: 'confirmed', personId: 'alice' });
    expect(names()).toContain('login.confirmed');
    const prompt = await shown();
    expect(prompt).toContain('confirmed at <!date^');
    expect(prompt).toContain(`"action_id":"login.end","value":"${loginId}"`);
    expect(prompt).not.toContain('login.confirm"');
    await world.click('login.end', loginId, 'U0ALICE', { response_url });
    expect(await stored()).toMatchObject({ status: 'revoked', personId: 'alice' });
    expect(await shown()).toContain('Ended: nobody can act by it any more.');
    expect(told()).toEqual([]);
    await world.click('login.end', loginId, 'U0ALICE', { response_url });
    expect(told()).toEqual([expect.stringContaining('That login was ended already')]);
  });

  it('is ended by nobody else, who learns nothing of it', async () => {
    await waiting();
    await world.click('login.confirm', 'BCDF-GHJK', 'U0ALICE');
    await world.click('login.end', loginId, 'U0BOB');
    await world.click('login.end', '01KAN0DAYPASS0000000000009', 'U0BOB');
    expect(await stored()).toMatchObject({ status: 'confirmed' });
    const [others, absent] = told();
    expect(others).toContain('There is no such login of yours.');
    expect(absent).toBe(others);
  });

  it('says so where the address is not known', async () => {
    await waiting({ program: 'daypass' });
    expect((await world.command('login BCDF-GHJK')).body).toContain('From address: unknown');
  });

  it('is confirmed by no line, whatever else is in it', async () => {
    await waiting();
    const answer = await world.command('login BCDF-GHJK --yes');
    expect(answer.body).toContain('"action_id":"login.confirm"');
    expect(answer.body).toContain('198.51.100.7');
    expect(await stored()).toMatchObject({ status: 'waiting' });
  });

  it('is turned away by Not me, and the prompt says so', async () => {
    await waiting();
    await world.click('login.deny', 'BCDF-GHJK', 'U0ALICE', { response_url });
    expect(await stored()).toMatchObject({ status: 'denied' });
    expect(await shown()).toContain('Turned away: nobody got in.');
  });

  it('is done also where Slack takes no other message', async () => {
    await waiting();
    await world.click('login.confirm', 'BCDF-GHJK', 'U0ALICE', { response_url: 'http://127.0.0.1:9/gone' });
    expect(await stored()).toMatchObject({ status: 'confirmed' });
  });

  it('with a wrong or used code says the same', async () => {
    await waiting();
    const wrong = (await world.command('login BCDF-GHJL')).body;
    const login = await stored();
    if (!login) throw new Error('no login');
    await world.ports.logins.save(advance(login, { status: 'denied' }));
    expect((await world.command('login BCDF-GHJK')).body).toBe(wrong);
  });
});
