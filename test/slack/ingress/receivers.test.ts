import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTPReceiver } from '@slack/bolt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock, turnableClock } from '#local/clock.ts';
import { slackApp } from '#slack/app.ts';
import { boltLogger } from '#slack/ingress/bolt-logger.ts';
import { signedMark } from '#slack/ingress/guard.ts';
import { form, payload, type Signed, signingSecret, startWorld, type World } from '#test/slack/world.ts';

/** Bolt's HTTP receiver checks timestamps by the machine's clock, so both worlds start at its time. */
let onLambda: World;
let onHttp: World;
let server: Server;

beforeEach(async () => {
  const nowMs = systemClock().nowMs();
  onLambda = await startWorld(turnableClock(nowMs));
  onHttp = await startWorld(turnableClock(nowMs));
  const receiver = new HTTPReceiver({
    signingSecret,
    logger: boltLogger(onHttp.ports.log),
    processBeforeResponse: true,
    customPropertiesExtractor: ({ headers }) => ({ signed: signedMark(headers) }),
  });
  slackApp(receiver, onHttp.ports);
  server = await receiver.start({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await Promise.all([onLambda.stop(), onHttp.stop()]);
});

const sendHttp = async ({ headers, body }: Signed): Promise<{ status: number; body: string }> => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  const answer = await fetch(url, { method: 'POST', headers, body });
  return { status: answer.status, body: await answer.text() };
};

const user = { id: 'U0ALICE', team_id: 'T0DAYPASS' };
const command = (text: string, more: Record<string, string> = {}) =>
  form({ command: '/access', text, team_id: 'T0DAYPASS', user_id: 'U0ALICE', trigger_id: 't', ...more });
const click = (actionId: string, value: string) =>
  payload({
    type: 'block_actions',
    team: { id: 'T0DAYPASS' },
    user: { ...user, id: 'U0BOB' },
    channel: { id: 'C0ACCESS' },
    trigger_id: 't',
    actions: [{ type: 'button', block_id: 'request', action_id: actionId, value }],
  });
const submission = payload({
  type: 'view_submission',
  team: { id: 'T0DAYPASS' },
  user,
  view: {
    type: 'modal',
    callback_id: 'request',
    private_metadata: '01JDAAAAAAAAAAAAAAAAAAAAAA',
    state: {
      values: {
        entitlement: { value: { selected_option: { value: 'orders-admin' } } },
        duration: { value: { value: 'soon' } },
        reason: { value: { value: 'fixing INC-42' } },
        ticket: { value: { value: null } },
      },
    },
  },
});

it.each([
  ['help', command('help')],
  ['a request', command('orders-admin 20s fixing INC-42')],
  ['a refused request', command('orders-admin 20s fixing INC-42', { user_id: 'U0DAVE' })],
  ['a stranger', command('list', { user_id: 'U0STRANGER' })],
  ['the form', command('')],
  ['a click on nothing', click('request.approve', '01JDAAAAAAAAAAAAAAAAAAAAAA')],
  ['a form with a mistake', submission],
])('%s is answered alike, and leaves the same behind, on Lambda and over HTTP', async (_, body) => {
  const signed = onLambda.sign(body);
  const { status, body: answer } = await onLambda.send(signed);
  expect(status).toBe(200);
  expect(await sendHttp(signed)).toEqual({ status, body: answer });
  expect(await onHttp.ports.requests.ofPerson('alice')).toEqual(await onLambda.ports.requests.ofPerson('alice'));
  expect(onHttp.events).toEqual(onLambda.events);
  expect(onHttp.slack.modals).toEqual(onLambda.slack.modals);
});

it('a wrong signature is refused by both', async () => {
  const signed = onLambda.sign(command('help'));
  const forged = { ...signed, body: `${signed.body}&x=1` };
  expect((await onLambda.send(forged)).status).toBe(401);
  expect((await sendHttp(forged)).status).toBe(401);
});
