import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFirstSeen } from '#local/node/first-seen.ts';
import { type SocketMode, socketMode } from '#slack/ingress/socket.ts';
import { until } from '#test/kit/until.ts';
import { appToken, type SocketModeStandIn, startSocketModeStandIn } from '#test/local/node/socket-mode-stand-in.ts';
import { startWorld, type World } from '#test/slack/world.ts';

/** Bolt's own Socket Mode client, over a real WebSocket, with the app behind it. */
let slack: SocketModeStandIn;
let world: World;
let socket: SocketMode;
let triggers = 0;

const openSocket = (token = appToken, pause = (ms: number): Promise<void> => setTimeout(ms)): SocketMode =>
  socketMode({
    appToken: token,
    apiUrl: slack.url,
    ports: { ...world.ports, pause },
    firstSeenMs: createFirstSeen(new DatabaseSync(':memory:')),
  });

beforeEach(async () => {
  slack = await startSocketModeStandIn();
  world = await startWorld();
  socket = openSocket();
});
afterEach(async () => {
  await socket.stop();
  await slack.stop();
  await world.stop();
});

const command = (text: string, more: Record<string, unknown> = {}) => ({
  command: '/access',
  text,
  team_id: 'T0DAYPASS',
  user_id: 'U0ALICE',
  channel_id: 'C0ACCESS',
  trigger_id: `trigger-${++triggers}`,
  ...more,
});
const click = (actionId: string, value: string) => ({
  type: 'block_actions',
  team: { id: 'T0DAYPASS' },
  user: { id: 'U0BOB', team_id: 'T0DAYPASS' },
  channel: { id: 'C0ACCESS' },
  trigger_id: `trigger-${++triggers}`,
  actions: [{ type: 'button', block_id: 'request', action_id: actionId, value }],
});

describe('Socket Mode', () => {
  it('answers a command in the acknowledgement, with the words that the ingress has over HTTP', async () => {
    await socket.start();
    const { payload } = await slack.deliver('slash_commands', command('help'));
    expect(payload).toEqual((await world.command('help')).json);
  });

  it('saves what is asked and what is clicked', async () => {
    await socket.start();
    await slack.deliver('slash_commands', command('orders-admin 20s fixing INC-42'));
    const [request] = await world.ports.requests.ofPerson('alice');
    expect(request).toMatchObject({ status: 'pending', entitlementId: 'orders-admin', reason: 'fixing INC-42' });
    const { payload } = await slack.deliver('interactive', click('request.approve', request?.id ?? ''));
    expect(payload).toEqual({});
    expect(await world.ports.requests.ofPerson('alice')).toMatchObject([{ status: 'approved' }]);
  });

  it('turns a stranger and another workspace away in words', async () => {
    await socket.start();
    const stranger = await slack.deliver('slash_commands', command('list', { user_id: 'U0STRANGER' }));
    expect(JSON.stringify(stranger.payload)).toContain('not in the access policy');
    const elsewhere = await slack.deliver('slash_commands', command('list', { team_id: 'T0OTHER' }));
    expect(JSON.stringify(elsewhere.payload)).toContain('does not serve your Slack workspace');
  });

  it('does the same payload once, in the same and in another envelope, and answers it alike', async () => {
    await socket.start();
    const body = command('orders-admin 20s fixing INC-42');
    const first = await slack.deliver('slash_commands', body, 'one');
    world.clock.turn(1_000);
    const again = await slack.deliver('slash_commands', body, 'one');
    const elsewhere = await slack.deliver('slash_commands', body, 'two');
    expect([again.payload, elsewhere.payload]).toEqual([first.payload, first.payload]);
    expect(await world.ports.requests.ofPerson('alice')).toHaveLength(1);
    expect(world.events.filter(({ name }) => name === 'request.submitted')).toHaveLength(1);
  });

  it('does it once also where both come at the same moment', async () => {
    await socket.start();
    const body = command('orders-admin 20s fixing INC-42');
    await Promise.all([slack.deliver('slash_commands', body, 'one'), slack.deliver('slash_commands', body, 'two')]);
    expect(await world.ports.requests.ofPerson('alice')).toHaveLength(1);
  });

  const help = { payload: { response_type: 'ephemeral', text: expect.stringContaining('/access') } };
  it('goes on over another connection when Slack renews it', async () => {
    await socket.start();
    slack.renew();
    await until('another connection', () => slack.connections() === 2 && slack.connected() === 1);
    expect(await slack.deliver('slash_commands', command('help'))).toMatchObject(help);
  });

  it('comes back after the network was gone, also where Slack refuses in between', async () => {
    await socket.start();
    slack.refuse('internal_error');
    slack.drop();
    await until('the connection is gone', () => slack.connected() === 0);
    slack.refuse(undefined);
    await until('another connection', () => slack.connected() === 1);
    expect(await slack.deliver('slash_commands', command('help'))).toMatchObject(help);
  });

  it('refuses to start with a token that Slack does not take, and says which one that is', async () => {
    await expect(openSocket('xapp-wrong').start()).rejects.toThrow(
      'Slack does not take SLACK_APP_TOKEN: it is not valid.',
    );
  });

  it('starts while Slack is away, and connects when it is back', async () => {
    slack.refuse('service_unavailable');
    await socket.start();
    expect(slack.connected()).toBe(0);
    slack.refuse(undefined);
    await until('a connection', () => slack.connected() === 1);
  });

  it('lets go of a connection on which Slack says nothing, and opens another', async () => {
    const hasty = openSocket(appToken, (ms) => setTimeout(ms / 100));
    slack.silence(true);
    await hasty.start();
    slack.silence(false);
    await until('the silent connection is gone', () => slack.connections() > 1 && slack.connected() === 1);
    expect((await slack.deliver('slash_commands', command('help'))).envelope_id).toBeTruthy();
    await hasty.stop();
  });

  it('answers within three seconds where the work takes longer, and keeps the real answer', async () => {
    const slow = world.ports.requests.ofPerson;
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    world.ports.requests.ofPerson = async (...given) => {
      await held;
      return slow(...given);
    };
    await socket.start();
    const body = command('list');
    const before = performance.now();
    const { payload } = await slack.deliver('slash_commands', body, 'one');
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(JSON.stringify(payload)).toContain('already at this');
    finish();
    const again = await until('the kept answer', async () => {
      const answer = await slack.deliver('slash_commands', body);
      return JSON.stringify(answer.payload).includes('already at this') ? undefined : answer;
    });
    expect(again.payload).toEqual((await world.command('list')).json);
  });

  it('tells neither its tokens nor what people type to the log', async () => {
    await socket.start();
    await slack.deliver('slash_commands', command('orders-admin 20s secret reason'));
    slack.drop();
    await until('another connection', () => slack.connections() === 2);
    expect(world.logged()).toContain('Connected to Slack by Socket Mode.');
    expect(world.logged()).not.toContain(appToken);
    expect(world.logged()).not.toContain('secret reason');
    expect(world.logged()).not.toContain('ticket-');
  });
});
