import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actsIn } from '#test/slack/acts.ts';
import { openAlert } from '#test/slack/render/states.ts';
import { policy, startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { onlyRequest, asked, granted, names, told } = actsIn(() => world);

describe('votes', () => {
  it('count also where the place of the card that was clicked cannot be kept', async () => {
    const { id } = await asked();
    world.ports.postings = { ...world.ports.postings, learn: () => Promise.reject(new Error('out of reach')) };
    const answer = await world.click('request.approve', id, 'U0BOB', { message: { ts: '1.000001' } });
    expect([answer.status, (await onlyRequest()).status]).toEqual([200, 'approved']);
    expect(world.logged()).toContain('out of reach');
  });

  it.each([
    ['in a direct message', 'D0ALICE', {}, undefined],
    ['in another channel', 'C0SECURITY', {}, undefined],
    ['in a thread', 'C0ACCESS', { thread_ts: '0.1' }, undefined],
    ['on the card itself', 'C0ACCESS', {}, { channel: 'C0ACCESS', ts: '1.000001' }],
  ])('%s teach where the card is only from the card', async (_, channel, more, known) => {
    const { id } = await asked();
    const where = { channel: { id: channel }, message: { ts: '1.000001', ...more } };
    expect((await world.click('request.approve', id, 'U0BOB', where)).status).toBe(200);
    expect(await world.ports.postings.get(`card:${id}`)).toEqual(known);
  });

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

  it('ask nobody for a reason whose no would not count, and tell only the clicker why', async () => {
    const { id } = await asked();
    await world.click('request.deny', id, 'U0ALICE');
    await world.click('request.deny', id, 'U0DAVE');
    await world.click('request.deny', '01JDAAAAAAAAAAAAAAAAAAAAAA');
    await world.click('request.approve', id, 'U0CAROL');
    await world.click('request.deny', id, 'U0BOB');
    expect(world.slack.modals).toEqual([]);
    expect(told()).toEqual([
      expect.stringContaining('You cannot vote on your own request.'),
      expect.stringContaining('You cannot vote on requests for orders-admin.'),
      expect.stringContaining('There is no request that you can see.'),
      expect.stringContaining('no longer waiting: it is approved (Carol voted to approve)'),
    ]);
    expect((await onlyRequest()).status).toBe('approved');
  });

  it('keep a reason with half a character in it, with what stands for one', async () => {
    const { id } = await asked();
    const values = { reason: { value: { value: 'no \ud835' } } };
    const answer = await world.submit({ callback_id: 'deny', private_metadata: id }, values, 'U0BOB');
    expect(answer.status).toBe(200);
    expect(await onlyRequest()).toMatchObject({ status: 'denied', deniedReason: 'no \ufffd' });
  });

  it('tell whoever denied a request already that it is decided, instead of asking why once more', async () => {
    const { id } = await asked();
    await world.submit({ callback_id: 'deny', private_metadata: id }, { reason: { value: { value: 'no' } } }, 'U0BOB');
    await world.click('request.deny', id);
    expect(world.slack.modals).toEqual([]);
    expect(told()).toEqual([expect.stringContaining('no longer waiting: it is denied (Bob voted to deny)')]);
  });

  it('open no modal on a request that lapsed, or that was approved by the clicker', async () => {
    const { id } = await asked('payments-admin 20s fixing INC-42');
    await world.click('request.approve', id);
    await world.click('request.deny', id);
    await world.clock.turn(24 * 3_600_000);
    await world.click('request.deny', id, 'U0CAROL');
    expect(world.slack.modals).toEqual([]);
    expect(told()).toEqual([
      expect.stringContaining('You already voted to approve this request.'),
      expect.stringContaining('This request lapsed before your vote'),
    ]);
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

  it.each([
    ['T0DAYPASS', 'E0ORG', 'approved'],
    ['T0DAYPASS', 'T0EVIL', 'pending'],
    ['T0DAYPASS', 'E0EVIL', 'pending'],
    ['E0ORG', 'E0ORG', 'approved'],
    ['E0ORG', 'T0DAYPASS', 'approved'],
    ['E0ORG', 'T0EVIL', 'pending'],
  ])('in an organisation, where the policy names %s, from somebody of %s: %s', async (team, home, status) => {
    const { id } = await asked();
    world.govern({ ...policy, slack: { ...policy.slack, teamId: team } });
    const sender = {
      team: { id: 'T0DAYPASS', domain: 'daypass', enterprise_id: 'E0ORG', enterprise_name: 'org' },
      enterprise: { id: 'E0ORG', name: 'org' },
      is_enterprise_install: false,
      user: { id: 'U0BOB', username: 'bob', team_id: home },
    };
    expect((await world.click('request.approve', id, 'U0BOB', sender)).status).toBe(200);
    expect((await onlyRequest()).status).toBe(status);
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

  it('sixty refused asks hide a live grant neither from /access done nor from /access list', async () => {
    const { id } = await granted();
    for (let index = 0; index < 60; index++) {
      world.clock.turn(1000);
      await world.command('orders-admin 9h fixing INC-42');
    }
    expect((await world.ports.requests.ofPerson('alice')).map((request) => request.id)).not.toContain(id);
    expect((await world.command('list')).body).toContain(id);
    expect((await world.command('done')).body).toContain('Ending `orders-read`');
    expect(await world.ports.requests.get(id)).toMatchObject({ status: 'ending' });
  });

  it('/access done without a grant, with a wrong id and with a foreign id says so', async () => {
    expect((await world.command('done')).body).toContain('You have no live grant.');
    expect((await world.command('done nonsense')).body).toContain('There is no request that you can see.');
    const { id } = await granted();
    expect((await world.command(`done ${id}`, 'U0CAROL')).body).toContain('There is no request that you can see.');
    expect((await world.command(`done ${id}`, 'U0DAVE')).body).toContain('There is no request that you can see.');
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
