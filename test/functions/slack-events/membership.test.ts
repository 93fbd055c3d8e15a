import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import type { Standing } from '#ports/chat.ts';
import { actsIn } from '#test/slack/acts.ts';
import { startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { onlyRequest, asked, told } = actsIn(() => world);

const gone: Standing = { is: 'no-member', because: 'is deactivated' };
const away = new DaypassError('SlackUnavailable', 'Slack could not be reached for users.info. Try again in a moment.');
const some = {
  entitlement: { value: { selected_option: { value: 'orders-admin' } } },
  reason: { value: { value: 'INC-42' } },
};
const id = '01KAN0DAYPASS0000000000001';
const pair = `${id}:${id}`;

const minutes = (count: number): Promise<void> => world.clock.turn(count * 60_000);
const lockedDown = async () =>
  (await world.ports.lockdowns.register()).lockdowns.map(({ scope, begunBy, reason }) => ({ scope, begunBy, reason }));
const ask = async (slackUserId = 'U0ALICE') =>
  (await world.command('orders-admin 20s fixing INC-42', slackUserId)).body;

/** As Bob. */
const begins: readonly [string, () => Promise<unknown>][] = [
  ['an ask', () => world.command('orders-admin 20s fixing INC-42', 'U0BOB')],
  ['the form', () => world.command('', 'U0BOB')],
  ['an ask for more time', () => world.command('extend 5m INC-42', 'U0BOB')],
  ['a login', () => world.command('login ABCD-EFGH', 'U0BOB')],
  ['lifting a lockdown', () => world.command('lockdown lift person alice back again', 'U0BOB')],
  ['Approve', () => world.click('request.approve', id)],
  ['Extend…', () => world.click('grant.extend', id)],
  ['Approve of more time', () => world.click('extension.approve', pair)],
  ['Confirm of a login', () => world.click('login.confirm', id)],
  ['Expected', () => world.click('alert.expected', id)],
  ['a button that nobody knows', () => world.click('grant.forever', id)],
  ['the submitted form', () => world.submit({ callback_id: 'request', private_metadata: id }, some, 'U0BOB')],
  [
    'the submitted form for more time',
    () => world.submit({ callback_id: 'extend', private_metadata: pair }, some, 'U0BOB'),
  ],
  [
    'the submitted form that lifts',
    () => world.submit({ callback_id: 'lockdown.lift', private_metadata: id }, some, 'U0BOB'),
  ],
];

const ends: readonly [string, () => Promise<unknown>][] = [
  ['help', () => world.command('help', 'U0BOB')],
  ['the list', () => world.command('list', 'U0BOB')],
  ['done', () => world.command('done', 'U0BOB')],
  ['cancel', () => world.command('cancel', 'U0BOB')],
  ['the lockdowns', () => world.command('lockdown', 'U0BOB')],
  ['the panic button', () => world.command('lockdown person alice stolen', 'U0BOB')],
  ['Deny…', () => world.click('request.deny', id)],
  ['Cancel', () => world.click('request.cancel', id)],
  ['I’m done', () => world.click('grant.done', id)],
  ['Revoke', () => world.click('grant.revoke', id)],
  ['Deny… of more time', () => world.click('extension.deny', pair)],
  ['Not me', () => world.click('login.deny', id)],
  ['Not me: end it', () => world.click('login.end', id)],
  ['Revoke on an alert', () => world.click('alert.revoke', id)],
  ['Details', () => world.click('alert.details', id)],
  ['the submitted no', () => world.submit({ callback_id: 'deny', private_metadata: id }, some, 'U0BOB')],
  [
    'the submitted no to more time',
    () => world.submit({ callback_id: 'extension.deny', private_metadata: pair }, some, 'U0BOB'),
  ],
  [
    'the submitted panic button',
    () => {
      const order = { nonce: id, scope: { kind: 'person', personId: 'alice' }, told: {} };
      return world.submit({ callback_id: 'lockdown', private_metadata: JSON.stringify(order) }, some, 'U0BOB');
    },
  ],
];

describe('whoever is no member any more, and of whom no event told,', () => {
  it.each(begins)('is locked down and refused in words at %s', async (_, act) => {
    world.slack.accounts.set('U0BOB', gone);
    const answer = JSON.stringify([await act(), world.events.filter(({ name }) => name === 'action.refused')]);
    expect(answer).toContain('Slack says that your account is deactivated. You are locked down, by daypass since');
    expect(await lockedDown()).toEqual([
      {
        scope: { kind: 'person', personId: 'bob' },
        begunBy: 'daypass',
        reason: 'Slack says that the account U0BOB of Bob is deactivated.',
      },
    ]);
    expect(world.slack.modals).toEqual([]);
  });

  it('gives no vote', async () => {
    const request = await asked();
    world.slack.accounts.set('U0BOB', { is: 'no-member', because: 'is a guest’s' });
    await world.click('request.approve', request.id);
    expect((await onlyRequest()).status).toBe('pending');
    expect(await lockedDown()).toHaveLength(1);
  });

  it('is locked down once, is told so again, and may end things', async () => {
    world.slack.accounts.set('U0ALICE', gone);
    await Promise.all([ask(), ask()]);
    expect(await ask()).toContain('Slack says that your account is deactivated');
    expect(await lockedDown()).toHaveLength(1);
    expect(world.events.filter(({ name }) => name === 'lockdown.begun')).toHaveLength(1);
    expect((await world.command('done')).body).toContain('You have no live grant.');
  });

  it('asks again as soon as the account is a member’s again and people lifted the lockdown', async () => {
    world.slack.accounts.set('U0ALICE', gone);
    await ask();
    world.slack.accounts.delete('U0ALICE');
    expect(await ask()).toContain('You are locked down');
    const [lockdown] = (await world.ports.lockdowns.register()).lockdowns;
    await world.submit({ callback_id: 'lockdown.lift', private_metadata: lockdown?.id ?? '' }, some, 'U0BOB');
    expect(await ask()).toContain('Asked for');
  });

  it('is not locked down where Slack does not show the account, and refused all the same', async () => {
    world.slack.accounts.set('U0ALICE', { is: 'unknown', because: 'is none that it shows Daypass' });
    expect(await ask()).toContain('Slack says that your account is none that it shows Daypass.');
    expect(await lockedDown()).toEqual([]);
    expect(await world.ports.requests.ofPerson('alice')).toEqual([]);
  });
});

describe('Slack is asked', () => {
  it.each(ends)('nothing at %s, which ends something or only shows it', async (_, act) => {
    world.slack.accounts.set('U0BOB', gone);
    await act();
    expect(world.slack.askedOf).toEqual([]);
    expect((await lockedDown()).filter(({ begunBy }) => begunBy === 'daypass')).toEqual([]);
  });

  it('once in five minutes of each account', async () => {
    await ask();
    await minutes(4.9);
    await ask();
    await ask('U0BOB');
    expect(world.slack.askedOf).toEqual(['U0ALICE', 'U0BOB']);
    await minutes(0.1);
    world.slack.accounts.set('U0ALICE', gone);
    expect(await ask()).toContain('is deactivated');
  });

  it('and what it said last counts for an hour while it does not answer; then nothing begins', async () => {
    await ask();
    world.slack.accounts.set('U0ALICE', away);
    await minutes(59.9);
    expect(await ask()).toContain('Asked for');
    await minutes(0.1);
    expect(await ask()).toContain(
      'Slack could not be asked whether your account is active, so that was not done. Try again in a minute.',
    );
    expect(world.logged()).toContain('Slack could not be reached for users.info');
    expect(await lockedDown()).toEqual([]);
    world.slack.accounts.delete('U0ALICE');
    expect(await ask()).toContain('Asked for');
  });

  it('and who was never known gets no further while it does not answer: neither vote nor form, which keeps what was typed', async () => {
    const request = await asked();
    world.slack.accounts.set('U0BOB', away);
    await world.click('request.approve', request.id);
    expect(told()).toEqual([
      expect.stringContaining('Slack could not be asked whether your account is active, so that was not done.'),
    ]);
    expect((await onlyRequest()).status).toBe('pending');
    const answer = await world.submit({ callback_id: 'request', private_metadata: id }, some, 'U0BOB');
    expect(answer.json).toEqual({
      response_action: 'errors',
      errors: { reason: expect.stringContaining('Slack could not be asked whether your account is active') },
    });
    await world.click('request.deny', request.id);
    expect(world.slack.modals).toHaveLength(1);
  });
});
