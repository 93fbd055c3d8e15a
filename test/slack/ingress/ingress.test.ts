import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import type { Reply, ReplyStore } from '#ports/reply-store.ts';
import type { HttpAnswer } from '#slack/ingress/http.ts';
import { slackIngress } from '#slack/ingress/ingress.ts';

const secret = 's';
const nowMs = 1_795_341_600_000;
const log = { info: () => {}, warn: () => {}, error: () => {} };

const signed = (body: string) => {
  const timestamp = String(nowMs / 1000);
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${digest}`,
  };
  return { method: 'POST', headers, body, isBase64: false };
};
const command = signed('command=%2Faccess&text=list');
const click = signed(`payload=${encodeURIComponent('{"type":"block_actions"}')}`);
const submission = signed(`payload=${encodeURIComponent('{"type":"view_submission"}')}`);

const ingress = (replies: ReplyStore, receive: () => Promise<HttpAnswer>) =>
  slackIngress(
    { secret: async () => secret, replies, clock: { nowMs: () => nowMs }, log, pause: async () => {} },
    receive,
  );
const answered = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'done' };
const never = (): Promise<HttpAnswer> => Promise.reject(new Error('must not be reached'));

it('says that somebody else is at it, when that takes longer than Slack waits', async () => {
  const answer = ingress({ claim: async () => ({ state: 'busy' }), keep: async () => {} }, never);
  expect((await answer(command)).status).toBe(200);
  expect((await answer(command)).body).toContain('already at this');
  expect((await answer(click)).status).toBe(200);
});

it('waits a little for the answer of somebody else and gives the same', async () => {
  const reply: Reply = { status: 200, contentType: 'text/plain', body: 'done' };
  const states = [{ state: 'busy' }, { state: 'busy' }, { state: 'answered', reply }] as const;
  let call = 0;
  const answer = ingress({ claim: async () => states[call++] ?? { state: 'busy' }, keep: async () => {} }, never);
  expect(await answer(command)).toEqual(answered);
});

it('apologises in the way each kind of request can show, when not even the database answers', async () => {
  const gone = () => Promise.reject(new DaypassError('StoreUnavailable', 'gone'));
  const answer = ingress({ claim: gone, keep: gone }, never);
  expect(await answer(command)).toMatchObject({ status: 200, body: expect.stringContaining('try again in a minute') });
  expect(await answer(submission)).toMatchObject({
    status: 200,
    body: expect.stringContaining('"response_action":"errors"'),
  });
  // Slack marks the button when it gets an error, and shows nothing otherwise.
  expect((await answer(click)).status).toBe(500);
});

it('gives the answer of work that was done even if it cannot be kept', async () => {
  const replies: ReplyStore = {
    claim: async () => ({ state: 'mine' }),
    keep: () => Promise.reject(new DaypassError('StoreUnavailable', 'gone')),
  };
  expect(await ingress(replies, async () => answered)(command)).toEqual(answered);
});

it('reaches the reply store only with a good signature', async () => {
  const answer = ingress({ claim: never as never, keep: async () => {} }, never);
  const forged = { ...command, body: `${command.body}x` };
  expect((await answer(forged)).status).toBe(401);
});
