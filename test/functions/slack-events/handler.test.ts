import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from '#functions/slack-events/handler.ts';
import { actsIn } from '#test/slack/acts.ts';
import { eventOf, form, payload, policy, startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { onlyRequest, asked, told } = actsIn(() => world);

describe('when something is wrong', () => {
  it('an unreadable policy is a polite answer, and its details stay in the log', async () => {
    world.govern(undefined);
    const command = await world.command('list');
    expect(command.status).toBe(200);
    expect(command.body).toContain('Tell the people who run Daypass');
    expect(command.body).not.toContain('secret detail');
    const modal = await world.submit({ callback_id: 'request', private_metadata: '01JDAAAAAAAAAAAAAAAAAAAAAA' }, {});
    expect(modal.json).toMatchObject({
      response_action: 'errors',
      errors: { reason: expect.stringContaining('That did not work') },
    });
    await world.click('request.approve', 'x');
    expect(told()).toEqual([expect.stringContaining('That did not work')]);
  });

  it('a policy that was tightened counts at the click', async () => {
    const { id } = await asked();
    world.govern({ ...policy, groups: { ...policy.groups, leads: ['carol'] } });
    await world.click('request.approve', id, 'U0BOB');
    expect((await onlyRequest()).status).toBe('pending');
    expect(told()).toEqual([expect.stringContaining('You cannot vote on requests for orders-admin.')]);
  });

  it('a button of another version is answered, an unknown payload does no harm', async () => {
    await world.click('request.extend', 'x');
    expect(told()).toEqual([expect.stringContaining('another version of Daypass')]);
    const unknown = { type: 'something_new', team: { id: 'T0DAYPASS' }, user: { id: 'U0BOB' } };
    expect(await world.send(world.sign(payload(unknown)))).toMatchObject({
      status: 400,
      body: 'The payload is of no type that Daypass answers, so nothing was done. See https://docs.slack.dev/interactivity for what Slack sends.',
    });
  });

  it('a form of another version, and a command that is not ours, are answered in words', async () => {
    const form = await world.submit({ callback_id: 'request.old', private_metadata: '' }, {});
    expect(form.json).toMatchObject({ response_action: 'update' });
    expect(form.body).toContain('This form is from another version of Daypass.');
    expect((await world.command('list', 'U0ALICE', { command: '/acces' })).json).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('Daypass answers /access alone.'),
    });
  });

  it('an event that nobody listens to is taken, so that Slack does not send it again', async () => {
    const body = JSON.stringify({
      ...{ type: 'event_callback', team_id: 'T0DAYPASS', event_id: 'Ev1', event_time: 1_795_341_600 },
      event: { type: 'app_home_opened', user: 'U0BOB', channel: null },
    });
    const { headers } = world.sign(body);
    const answer = await world.send({ headers: { ...headers, 'content-type': 'application/json' }, body });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(world.logged()).toBe('');
  });

  it.each(['payload=%7Bbroken', 'payload=', 'payload=null', 'payload=%5B%5D', 'payload=7'])(
    '%s, however well it is signed, is a request that nobody can answer, and no fault of ours',
    async (body) => {
      const answer = await world.send(world.sign(body));
      expect(answer).toMatchObject({
        status: 400,
        body: 'The payload is not a JSON object, so nothing was done. See https://docs.slack.dev/interactivity for what Slack sends.',
      });
      expect(world.logged()).toContain('not a JSON object');
      expect(world.events).toEqual([]);
    },
  );

  it('an event that is not JSON is as little', async () => {
    const { headers, body } = world.sign('{"type":');
    const answer = await world.send({ headers: { ...headers, 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(400);
  });

  it('no secret, raw body or response URL reaches the log', async () => {
    await asked();
    world.govern(undefined);
    await world.command('list');
    await world.send({ ...world.sign('x=1'), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(world.logged()).toContain('could not be handled');
    for (const secret of ['signing-secret', 'never-called', 'v0=', 'trigger-', 'INC-42'])
      expect(world.logged()).not.toContain(secret);
  });

  it('nothing in the table names a signature or a response URL', async () => {
    await asked();
    const stored = await world.stored();
    expect(stored).toContain('fixing INC-42');
    for (const secret of ['v0=', 'never-called', 'trigger-']) expect(stored).not.toContain(secret);
  });
});

describe('at the door', () => {
  const send = (signed: { headers: Record<string, string>; body: string }, more: object = {}) =>
    build(world.ports)({ ...eventOf(signed), ...more } as never, {} as never);

  it('a wrong signature is 401 and says what to check', async () => {
    const signed = world.sign(form({ command: '/access', text: 'list' }));
    const answer = await send({ ...signed, body: `${signed.body}&` });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain("this app's signing secret");
    expect((await send(world.sign('x=1', 301))).statusCode).toBe(401);
    expect((await send(world.sign('x=1', -301))).statusCode).toBe(401);
  });

  it('other methods, types, encodings and sizes are refused', async () => {
    const signed = world.sign('x=1');
    expect((await send(signed, { requestContext: { http: { method: 'GET' } } })).statusCode).toBe(405);
    expect((await send({ ...signed, headers: { ...signed.headers, 'content-type': 'text/xml' } })).statusCode).toBe(
      415,
    );
    expect((await send({ ...signed, headers: { ...signed.headers, 'content-encoding': 'gzip' } })).statusCode).toBe(
      415,
    );
    expect((await send(world.sign(`x=${'a'.repeat(256 * 1024)}`))).statusCode).toBe(413);
  });

  it('a content type with a charset, a body that is not base64 and letters beyond ASCII are taken', async () => {
    const signed = world.sign(
      form({ command: '/access', text: 'orders-admin 20s réparer ✂ INC-42', team_id: 'T0DAYPASS', user_id: 'U0ALICE' }),
    );
    const headers = { ...signed.headers, 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' };
    const answer = await send({ ...signed, headers }, { body: signed.body, isBase64Encoded: false });
    expect(answer.body).toContain('can approve');
    expect((await onlyRequest()).reason).toBe('réparer ✂ INC-42');
  });

  it('a JSON body in UTF-8 is verified and read as it is', async () => {
    const signed = world.sign(JSON.stringify({ type: 'url_verification', challenge: 'é✂' }));
    const answer = await send({ ...signed, headers: { ...signed.headers, 'content-type': 'application/json' } });
    expect([answer.statusCode, answer.body]).toEqual([200, JSON.stringify({ challenge: 'é✂' })]);
  });

  it('a certificate check needs no signature and does nothing', async () => {
    const answer = await send({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form({ ssl_check: '1', token: 't' }),
    });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(await world.stored()).toBe('[]');
  });
});
