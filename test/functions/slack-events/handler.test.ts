import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advance } from '#core/login.ts';
import { activate } from '#core/request/grant.ts';
import { build } from '#functions/slack-events/handler.ts';
import { toIso } from '#ports/clock.ts';
import { openAlert } from '#test/slack/blocks/states.ts';
import { eventOf, form, payload, policy, startWorld, type World } from '#test/slack/world.ts';
import { saveChange } from '#usecases/change-request.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const names = () => world.events.map(({ name }) => name);
const onlyRequest = async () => {
  const [request, ...others] = await world.ports.requests.ofPerson('alice');
  if (!request || others.length > 0) throw new Error(`${others.length + (request ? 1 : 0)} requests instead of one`);
  return request;
};
const asked = async (text = 'orders-admin 20s fixing INC-42') => {
  await world.command(text);
  return onlyRequest();
};
/** A request of alice's whose grant is live. */
const granted = async () => {
  const request = await asked('orders-read 20s fixing INC-42');
  if (request.status !== 'approved') throw new Error(request.status);
  const change = activate(request, toIso(world.clock.nowMs()));
  await saveChange(change, world.ports);
  return change.request;
};
/** What the clickers were told since, the way they read it. */
const told = () =>
  world.events.flatMap((event) =>
    event.name === 'action.refused' ? `${event.detail.message} ${event.detail.next}` : [],
  );

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
    const dying = build(
      {
        ...world.ports,
        replies: { ...world.ports.replies, keep: async () => Promise.reject(new Error('died')) },
      },
      'signing-secret-of-the-tests',
    );
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
  if (second?.status !== 'approved') throw new Error('no second request');
  const live = activate(second, toIso(world.clock.nowMs()));
  await saveChange(live, world.ports);
  expect(await world.send(done)).toEqual(answer);
  expect((await world.ports.requests.get(second.id))?.status).toBe('active');
});

describe('an alert', () => {
  const stored = () => world.ports.alerts.get(openAlert.id);
  beforeEach(() => world.ports.alerts.save({ alert: openAlert, events: [] }));

  it('is answered by Revoke, as the one who clicked', async () => {
    await world.click('alert.revoke', openAlert.id, 'U0ALICE');
    expect(await stored()).toMatchObject({ status: 'answered', answer: { action: 'revoke', by: 'alice' } });
  });

  it('is called Expected by those who may, and nobody else', async () => {
    await world.click('alert.expected', openAlert.id, 'U0ALICE');
    expect(await stored()).toMatchObject({ status: 'open' });
    expect(told()).toEqual([expect.stringContaining('You cannot mark alerts as expected.')]);
    await world.click('alert.expected', openAlert.id, 'U0CAROL');
    expect(await stored()).toMatchObject({ status: 'answered', answer: { action: 'expected', by: 'carol' } });
  });

  it('shows its facts as plain text', async () => {
    await world.click('alert.details', openAlert.id);
    const text = JSON.stringify(world.slack.modals);
    expect(text).toContain('"type":"plain_text","text":"User agent: aws-cli/2 <!channel>"');
    await world.click('alert.details', 'alert-none');
    expect(told()).toEqual([expect.stringContaining('There is no alert that you can see.')]);
  });
});

describe('votes', () => {
  it("refuse the requester's own Approve, and tell only her", async () => {
    const { id } = await asked();
    const answer = await world.click('request.approve', id, 'U0ALICE');
    expect(answer.status).toBe(200);
    const refused = world.events.at(-1);
    expect(refused).toMatchObject({
      name: 'action.refused',
      detail: {
        slackUserId: 'U0ALICE',
        channelId: 'C0ACCESS',
        subject: id,
        message: 'You cannot vote on your own request.',
      },
    });
    expect((await onlyRequest()).status).toBe('pending');
  });

  it("approve with an approver's click, and a double click is nothing more", async () => {
    const { id } = await asked();
    await Promise.all([world.click('request.approve', id), world.click('request.approve', id)]);
    expect((await onlyRequest()).status).toBe('approved');
    expect(names()).toEqual(['request.submitted', 'request.approved']);
  });

  it('of two approvers at once give one outcome, and both hear the truth', async () => {
    const { id } = await asked();
    await Promise.all([
      world.click('request.approve', id, 'U0BOB'),
      world.submit(
        { callback_id: 'deny', private_metadata: id },
        { reason: { value: { value: 'not today' } } },
        'U0CAROL',
      ),
    ]);
    const { status } = await onlyRequest();
    expect(['approved', 'denied']).toContain(status);
    expect(names().filter((name) => name === 'request.approved' || name === 'request.denied')).toHaveLength(1);
  });

  it('deny through a modal that asks for the reason', async () => {
    const { id } = await asked();
    await world.click('request.deny', id);
    const [modal] = world.slack.modals;
    expect(modal).toMatchObject({ callback_id: 'deny', private_metadata: id });
    const answer = await world.submit(modal ?? {}, { reason: { value: { value: 'use orders-read' } } }, 'U0BOB');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(await onlyRequest()).toMatchObject({ status: 'denied', deniedBy: 'bob', deniedReason: 'use orders-read' });
  });

  it('are refused inside the modal when it is too late', async () => {
    const { id } = await asked();
    await world.click('request.approve', id, 'U0CAROL');
    const answer = await world.submit(
      { callback_id: 'deny', private_metadata: id },
      { reason: { value: { value: 'no' } } },
      'U0BOB',
    );
    expect(answer.json.response_action).toBe('update');
    expect(answer.body).toContain('no longer waiting');
  });

  it('by a stranger, or by somebody in a shared channel from elsewhere, change nothing', async () => {
    const { id } = await asked();
    await world.click('request.approve', id, 'U0STRANGER');
    await world.click('request.approve', id, 'U0BOB', { user: { id: 'U0BOB', team_id: 'T0OTHER' } });
    expect((await onlyRequest()).status).toBe('pending');
    expect(told()).toEqual([
      expect.stringContaining('your Slack id U0STRANGER'),
      expect.stringContaining('does not serve your Slack workspace'),
    ]);
  });

  it('with a made-up id are refused without saying whether it exists', async () => {
    await world.click('request.approve', '01JDAAAAAAAAAAAAAAAAAAAAAA');
    expect(told()).toEqual([expect.stringContaining('There is no request that you can see.')]);
  });
});

describe('endings', () => {
  it('/access done ends the only live grant', async () => {
    const { id } = await granted();
    expect((await world.command('done')).body).toContain('Ending `orders-read`');
    expect(await world.ports.requests.get(id)).toMatchObject({
      status: 'ending',
      end: { reason: 'done', by: 'alice' },
    });
  });

  it('/access done without a grant, with a wrong id and with a foreign id says so', async () => {
    expect((await world.command('done')).body).toContain('You have no live grant.');
    expect((await world.command('done nonsense')).body).toContain('There is no grant that you can see.');
    const { id } = await granted();
    expect((await world.command(`done ${id}`, 'U0CAROL')).body).toContain('There is no grant that you can see.');
  });

  it('I’m done is the requester’s, Revoke that of the leads', async () => {
    const { id } = await granted();
    await world.click('grant.done', id, 'U0BOB');
    expect((await onlyRequest()).status).toBe('active');
    await world.click('grant.revoke', id, 'U0BOB');
    expect(await onlyRequest()).toMatchObject({ status: 'ending', end: { reason: 'revoked', by: 'bob' } });
  });

  it('Cancel takes a waiting request back, as a button and as a command', async () => {
    const { id } = await asked();
    await world.click('request.cancel', id, 'U0BOB');
    expect((await onlyRequest()).status).toBe('pending');
    await world.click('request.cancel', id, 'U0ALICE');
    expect((await onlyRequest()).status).toBe('cancelled');
    expect((await world.command('cancel')).body).toContain('You have no request that waits.');
  });

  it('/access list shows what is live, what waits, and what waits for me', async () => {
    await granted();
    await world.command('orders-admin 20s fixing INC-42');
    const mine = (await world.command('list')).body;
    expect(mine).toContain('20 s left');
    expect(mine).toContain('Waiting for approval');
    expect((await world.command('list', 'U0BOB')).body).toContain('Alice asks for `orders-admin`');
  });
});

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
  const waiting = async () => {
    const at = world.clock.nowMs();
    await world.ports.logins.save({
      id: 'login-1',
      version: 1,
      deviceCodeHash: 'hash',
      userCode: 'BCDF-GHJK',
      askedFrom: { ip: '198.51.100.7', program: 'daypass', host: '<!channel> laptop' },
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

  it('is confirmed by the button, as the one who clicked', async () => {
    await waiting();
    await world.command('login BCDF-GHJK');
    await world.click('login.confirm', 'BCDF-GHJK', 'U0ALICE');
    expect(await stored()).toMatchObject({ status: 'confirmed', personId: 'alice' });
    expect(names()).toContain('login.confirmed');
  });

  it('is confirmed at once with --yes', async () => {
    await waiting();
    expect((await world.command('login BCDF-GHJK --yes')).body).toContain('Logged in');
    expect(await stored()).toMatchObject({ status: 'confirmed', personId: 'alice' });
  });

  it('is turned away by Not me, in words', async () => {
    await waiting();
    await world.click('login.deny', 'BCDF-GHJK', 'U0ALICE');
    expect(await stored()).toMatchObject({ status: 'denied' });
    expect(told()).toEqual([expect.stringContaining('nobody got in')]);
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
    expect(
      (
        await world.send(
          world.sign(payload({ type: 'something_new', team: { id: 'T0DAYPASS' }, user: { id: 'U0BOB' } })),
        )
      ).status,
    ).toBe(404);
    expect((await world.send(world.sign('payload=%7Bbroken'))).status).toBe(500);
  });

  it('no secret, raw body or response URL reaches the log', async () => {
    await asked();
    world.govern(undefined);
    await world.command('list');
    await world.send({ ...world.sign('x=1'), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    for (const secret of ['signing-secret', 'never-called', 'v0=', 'trigger-', 'INC-42'])
      expect(world.logged()).not.toContain(secret);
  });

  it('nothing in the table names a signature or a response URL', async () => {
    await asked();
    const stored = await world.stored();
    for (const secret of ['v0=', 'never-called', 'trigger-']) expect(stored).not.toContain(secret);
  });
});

describe('at the door', () => {
  const send = (signed: { headers: Record<string, string>; body: string }, more: object = {}) =>
    build(world.ports, 'signing-secret-of-the-tests')({ ...eventOf(signed), ...more } as never, {} as never);

  it('a wrong signature is 401 and says what to check', async () => {
    const signed = world.sign(form({ command: '/access', text: 'list' }));
    const answer = await send({ ...signed, body: `${signed.body}&` });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('SLACK_SIGNING_SECRET');
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
