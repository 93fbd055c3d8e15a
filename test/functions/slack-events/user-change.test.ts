import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policy, startWorld, type World } from '#test/slack/world.ts';

// The shape is that of https://docs.slack.dev/reference/events/user_change in the envelope of the Events API.

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const alice = { id: 'U0ALICE', team_id: 'T0DAYPASS', name: 'alice', deleted: false, is_bot: false };

const eventOf = (user: object, more: object = {}) => ({
  type: 'event_callback',
  token: 'unused',
  team_id: 'T0DAYPASS',
  api_app_id: 'A0DAYPASS',
  event: { type: 'user_change', user, cache_ts: 1795342800, event_ts: '1795342800.000001' },
  event_id: 'Ev0CHANGE01',
  event_time: 1795342800,
  authorizations: [{ enterprise_id: null, team_id: 'T0DAYPASS', user_id: 'U0DAYPASS', is_bot: true }],
  ...more,
});

/** Slack sends events as JSON; each try is signed anew. */
const sends = async (body: object, retry = 0): Promise<number> => {
  const signed = world.sign(JSON.stringify(body));
  const headers = {
    ...signed.headers,
    'content-type': 'application/json',
    ...(retry > 0 && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' }),
  };
  return (await world.send({ ...signed, headers })).status;
};
const locked = async () =>
  (await world.ports.lockdowns.register()).lockdowns.map(({ scope, begunBy, reason }) => ({ scope, begunBy, reason }));
const ofAlice = (because: string) => ({
  scope: { kind: 'person', personId: 'alice' },
  begunBy: 'daypass',
  reason: `Slack says that the account U0ALICE of Alice ${because}.`,
});

describe('an account that changes in Slack', () => {
  it.each([
    ['is deactivated', { deleted: true }],
    ['is a guest’s', { is_restricted: true }],
    ['is a guest’s', { is_restricted: true, is_ultra_restricted: true }],
    ['is of another workspace', { is_stranger: true }],
    ['is a bot’s', { is_bot: true }],
  ])('locks its person down where it %s', async (because, change) => {
    expect(await sends(eventOf({ ...alice, ...change }))).toBe(200);
    expect(await locked()).toEqual([ofAlice(because)]);
    expect((await world.command('orders-read 30m fixing INC-42')).body).toContain('You are locked down');
  });

  it.each([
    ['a member’s new status', eventOf({ ...alice, profile: { status_text: 'at lunch' } })],
    ['somebody who is not in the policy', eventOf({ ...alice, id: 'U0STRANGER', deleted: true })],
    ['another workspace', eventOf({ ...alice, deleted: true }, { team_id: 'T0EVIL' })],
    ['an event without a user', { ...eventOf({}), event: { type: 'user_change' } }],
    ['another event', { ...eventOf(alice), event: { type: 'team_join', user: { ...alice, deleted: true } } }],
  ])('locks nobody down for %s', async (_, event) => {
    await sends(event);
    expect(await locked()).toEqual([]);
  });

  it('of an organisation is told by the organisation', async () => {
    world.govern({ ...policy, slack: { ...policy.slack, teamId: 'E0ORG' } });
    const inOrg = { ...alice, team_id: 'E0ORG', deleted: true };
    expect(await sends(eventOf(inOrg, { enterprise_id: 'E0ORG' }))).toBe(200);
    expect(await locked()).toEqual([ofAlice('is deactivated')]);
  });

  it('is taken once, however often Slack sends it, also after people lifted the lockdown', async () => {
    const event = eventOf({ ...alice, deleted: true });
    expect(await Promise.all([sends(event), sends(event, 1)])).toEqual([200, 200]);
    expect(await locked()).toHaveLength(1);
    const [lockdown] = (await world.ports.lockdowns.register()).lockdowns;
    expect(world.events.filter(({ name }) => name === 'lockdown.begun')).toHaveLength(1);
    expect((await world.ports.lockdowns.get(lockdown?.id ?? ''))?.status).toBe('in-force');
    await world.submit(
      { callback_id: 'lockdown.lift', private_metadata: lockdown?.id ?? '' },
      { reason: { value: { value: 'hired again' } } },
      'U0BOB',
    );
    expect(await locked()).toEqual([]);
    await world.clock.turn(60_000);
    expect(await sends(event, 2)).toBe(200);
    expect(await locked()).toEqual([]);
    expect(await sends({ ...event, event_id: 'Ev0CHANGE02' })).toBe(200);
    expect(await locked()).toHaveLength(1);
  });

  it('is sent again by Slack where it could not be kept', async () => {
    const { lockdowns } = world.ports;
    world.ports.lockdowns = { ...lockdowns, register: () => Promise.reject(new Error('out of reach')) };
    const event = eventOf({ ...alice, deleted: true });
    expect(await sends(event)).toBe(500);
    world.ports.lockdowns = lockdowns;
    await world.clock.turn(60_000);
    expect(await sends(event, 1)).toBe(200);
    expect(await locked()).toHaveLength(1);
  });

  it('answers Slack’s question whether this is the app’s address', async () => {
    const signed = world.sign(JSON.stringify({ type: 'url_verification', challenge: 'c', token: 't' }));
    const answer = await world.send({ ...signed, headers: { ...signed.headers, 'content-type': 'application/json' } });
    expect(answer).toMatchObject({ status: 200, json: { challenge: 'c' } });
  });
});
