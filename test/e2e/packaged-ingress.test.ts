import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { policyFile } from '#adapters/policy-file.ts';
import { type AwsSide, openAwsSide } from '#local/aws-side.ts';
import { systemClock } from '#local/clock.ts';
import { openDataFolder } from '#local/data-folder.ts';
import { parameters, region, roleArnOfFunction } from '#local/world.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { startPackaged } from './packaged-function.ts';
import { commandBody, signed, signingSecret } from './slack-person.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = systemClock();
const out = mkdtempSync(join(tmpdir(), 'daypass-packaged-'));
const folder = openDataFolder(undefined);

/** What Slack was asked and has not answered. It answers nobody until it is let, but for what it tells of accounts. */
const held: { method: string; response: ServerResponse }[] = [];
let tellsOfAccounts = false;
const over = Promise.withResolvers<void>();
let slack: Server;
let aws: AwsSide;
let ingress: ReturnType<typeof startPackaged>;
const events: { name: string; requestId: string }[] = [];

beforeAll(async () => {
  slack = createServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? '';
    if (method === 'users.info' && tellsOfAccounts) {
      const body = JSON.stringify({ ok: true, user: { deleted: false, is_restricted: false } });
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    } else held.push({ method, response });
  });
  await new Promise<void>((listening) => slack.listen(0, '127.0.0.1', listening));
  aws = await openAwsSide({
    folder,
    port: 0,
    clock,
    policy: await policyFile('access.yaml', quiet).current(),
    // Until the end no function answers, so no workflow goes on and nothing else writes.
    invoke: () => over.promise,
    secret: (name) => (name === parameters.slackSigningSecret ? signingSecret : 'xoxb-packaged'),
  });
  aws.bus.onPublished((event) => {
    events.push({ name: event['detail-type'], requestId: String(event.detail.requestId) });
  });
  aws.resume();
  const bundles = await bundleFunctions(out);
  const { path = '' } = bundles.find(({ name }) => name === 'slack-events') ?? {};
  const role = aws.sts.serviceSession(roleArnOfFunction('slack-events'), 'packaged', 'lambda.amazonaws.com');
  ingress = startPackaged(path, {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: role.accessKeyId,
    AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
    AWS_SESSION_TOKEN: role.sessionToken,
    AWS_LAMBDA_FUNCTION_NAME: 'daypass-slack-events',
    DAYPASS_TABLE: 'daypass',
    DAYPASS_BUS: 'daypass',
    DAYPASS_POLICY: join(out, 'slack-events', 'access.json'),
    SLACK_BOT_TOKEN_PARAMETER: parameters.slackBotToken,
    SLACK_SIGNING_SECRET_PARAMETER: parameters.slackSigningSecret,
    SLACK_API_URL: `http://127.0.0.1:${(slack.address() as AddressInfo).port}/api/`,
  });
}, 120_000);

afterAll(async () => {
  await ingress.stop();
  slack.closeAllConnections();
  slack.close();
  over.resolve();
  await aws.stop();
  clock.stop();
  folder.close();
  rmSync(out, { recursive: true, force: true });
});

/** As API Gateway hands it to Lambda: payload version 2.0. */
const send = (body: string) =>
  ingress.invoke({
    headers: signed(body, clock.nowMs()),
    body,
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST', path: '/slack/events' } },
  }) as Promise<{ statusCode: number; body: string }>;

const click = (userId: string, actionId: string, value: string): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      team: { id: 'T0DAYPASS' },
      user: { id: userId, team_id: 'T0DAYPASS' },
      container: { type: 'message', message_ts: '1.1', channel_id: 'C0ACCESS' },
      channel: { id: 'C0ACCESS' },
      trigger_id: '1.1.click',
      actions: [{ type: 'button', block_id: 'buttons', action_id: actionId, value, action_ts: '1.1' }],
    }),
  }).toString();

it('where Slack does not even say whether they are a member, whoever asks hears that, and nothing is saved', async () => {
  const asked = await send(commandBody('U0ALICE', 'orders-admin 30m fixing INC-42'));
  expect(asked).toMatchObject({ statusCode: 200, body: expect.stringContaining('Slack could not be asked whether') });
  expect(held.splice(0).map(({ method }) => method)).toEqual(['users.info']);
  expect(events).toEqual([]);
  tellsOfAccounts = true;
});

it('the packaged ingress saves and answers while Slack answers nothing and no workflow moves', async () => {
  const asked = await send(commandBody('U0ALICE', 'orders-admin 30m fixing INC-42'));
  expect(asked.statusCode).toBe(200);
  const [submitted] = events;
  expect(events).toEqual([{ name: 'request.submitted', requestId: expect.stringMatching(/^[0-9A-Z]{26}$/) }]);

  const approved = await send(click('U0BOB', 'request.approve', submitted?.requestId ?? ''));
  expect(approved.statusCode).toBe(200);
  expect(events.slice(1).map(({ name }) => name)).toEqual(['request.approved']);
  expect(held).toEqual([]);
});

it('only to open a modal does it wait for Slack', async () => {
  let answered = false;
  const opening = send(commandBody('U0ALICE', '')).finally(() => {
    answered = true;
  });
  await expect.poll(() => held.map(({ method }) => method), { timeout: 20_000 }).toEqual(['views.open']);
  // Another request is answered in the meantime, so this one could have been.
  expect((await send(commandBody('U0BOB', 'list'))).statusCode).toBe(200);
  expect(answered).toBe(false);
  held[0]?.response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ ok: true, view: { id: 'V1' } }));
  expect((await opening).statusCode).toBe(200);
});
