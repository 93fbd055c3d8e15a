import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlack } from '#adapters/slack/web-api.ts';

/** A stand-in for Slack's Web API: what it was asked, and what it answers next. */
type Asked = { method: string; args: Record<string, string>; authorization: string | undefined };
type Answer = { status?: number; headers?: Record<string, string>; body: object | string } | 'cut';

const asked: Asked[] = [];
const waits: number[] = [];
let answers: Answer[] = [];
let server: Server;
let url: string;

const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const args = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
  asked.push({ method: req.url ?? '', args, authorization: req.headers.authorization });
  const answer: Answer = answers.shift() ?? { body: { ok: false, error: 'nothing_more_was_planned' } };
  if (answer === 'cut') {
    req.socket.destroy();
    return;
  }
  res.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
  res.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
};

beforeEach(async () => {
  asked.length = 0;
  waits.length = 0;
  answers = [];
  server = createServer((req, res) => void handle(req, res));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const slack = (apiUrl = `${url}/api/`) =>
  createSlack({ token: async () => 'xoxb-secret', apiUrl, pause: async (ms) => void waits.push(ms) });
const message = { text: 'Hello', blocks: [] };
const posted = { channel: 'C0ACCESS', ts: '1.000001' };
const ok = { body: { ok: true, ...posted } };
const no = (error: string) => ({ body: { ok: false, error } });

describe('posting', () => {
  it.each(['/api', '/api/', '/workspace/api/'])(
    'reaches a stand-in under %s with the token in the header',
    async (path) => {
      answers = [ok];
      expect(await slack(`${url}${path}`).post('C0ACCESS', message, { key: 'card:1' })).toEqual(posted);
      expect(asked[0]?.method).toBe(`${path.replace(/\/$/, '')}/chat.postMessage`);
      expect(asked[0]?.authorization).toBe('Bearer xoxb-secret');
      expect(asked[0]?.args).toMatchObject({
        channel: 'C0ACCESS',
        text: 'Hello',
        blocks: '[]',
        metadata: '{"event_type":"daypass","event_payload":{"key":"card:1"}}',
        unfurl_links: 'false',
      });
    },
  );

  it('as a reply stays in the thread unless it is broadcast', async () => {
    answers = [ok, ok];
    await slack().post('C0ACCESS', message, { threadTs: '1.000001' });
    await slack().post('C0ACCESS', message, { threadTs: '1.000001', broadcast: true });
    expect(asked.map(({ args }) => [args.thread_ts, args.reply_broadcast])).toEqual([
      ['1.000001', 'false'],
      ['1.000001', 'true'],
    ]);
  });

  it('to a person answers with the conversation that Slack made of it', async () => {
    answers = [{ body: { ok: true, channel: 'D0ALICE', ts: '2.000001' } }];
    expect(await slack().post('U0ALICE', message)).toEqual({ channel: 'D0ALICE', ts: '2.000001' });
  });

  it('to a channel that is gone is an answer, not an error', async () => {
    for (const error of ['channel_not_found', 'is_archived', 'not_in_channel']) {
      answers = [no(error)];
      expect(await slack().post('C0ACCESS', message)).toBe('no-channel');
    }
  });

  it('looks for the message before it posts again after a failure that says nothing', async () => {
    const metadata = { event_type: 'daypass', event_payload: { key: 'card:1' } };
    answers = ['cut', { body: { ok: true, messages: [{ ts: '9.000001', metadata }] } }];
    expect(await slack().post('C0ACCESS', message, { key: 'card:1' })).toEqual({ channel: 'C0ACCESS', ts: '9.000001' });
    expect(asked.map(({ method }) => method)).toEqual(['/api/chat.postMessage', '/api/conversations.history']);
  });

  it('is tried again where Slack cannot be looked through', async () => {
    answers = [{ status: 503, body: 'busy' }, no('unknown_method'), ok];
    expect(await slack().post('C0ACCESS', message, { key: 'card:1' })).toEqual(posted);
  });
});

describe('a rate limit', () => {
  it('is waited out as long as Slack says, if that is short', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '1' }, body: '' }, ok];
    expect(await slack().update(posted, message)).toBe('updated');
    expect(waits).toEqual([1000]);
  });

  it('that is long is left to whoever delivers the event again', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '30' }, body: '' }];
    await expect(slack().update(posted, message)).rejects.toMatchObject({
      name: 'SlackUnavailable',
      message: expect.stringContaining('30 s'),
    });
    expect([asked.length, waits.length]).toEqual([1, 0]);
  });
});

describe('trouble', () => {
  it('is tried three times at most, with short waits', async () => {
    answers = [{ status: 500, body: '' }, 'cut', no('internal_error'), ok];
    await expect(slack().update(posted, message)).rejects.toMatchObject({ name: 'SlackUnavailable' });
    expect(asked.length).toBe(3);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2000);
  });

  it("that trying again cannot mend is reported at once with Slack's own name for it, and never with the token", async () => {
    answers = [no('invalid_blocks')];
    const failure = await slack()
      .post('C0ACCESS', message)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'SlackUnavailable', message: expect.stringContaining('invalid_blocks') });
    expect(asked.length).toBe(1);
    expect(String(failure)).not.toContain('xoxb');
  });

  it('of a lost message or channel is an answer', async () => {
    answers = [no('message_not_found'), no('is_archived')];
    expect(await slack().update(posted, message)).toBe('no-message');
    expect(await slack().update(posted, message)).toBe('no-channel');
  });
});

describe('finding', () => {
  const messages = [
    { ts: '3.000001', metadata: { event_type: 'other', event_payload: { key: 'card:1' } } },
    { ts: '2.000001', metadata: { event_type: 'daypass', event_payload: { key: 'card:1' } } },
    { ts: '1.000001' },
  ];

  it('goes by our key in the metadata', async () => {
    answers = [{ body: { ok: true, messages } }, { body: { ok: true, messages } }];
    expect(await slack().find('C0ACCESS', 'card:1')).toEqual({ channel: 'C0ACCESS', ts: '2.000001' });
    expect(asked[0]?.args).toMatchObject({ channel: 'C0ACCESS', include_all_metadata: 'true' });
    expect(await slack().find('C0ACCESS', 'card:2')).toBeUndefined();
  });

  it('in direct messages asks for the conversation first', async () => {
    answers = [{ body: { ok: true, channel: { id: 'D0ALICE' } } }, { body: { ok: true, messages } }];
    expect(await slack().find('U0ALICE', 'card:1')).toEqual({ channel: 'D0ALICE', ts: '2.000001' });
    expect(asked[1]?.args.channel).toBe('D0ALICE');
  });

  it('finds nothing where the method is not there or a scope is missing', async () => {
    for (const answer of [no('unknown_method'), no('missing_scope'), { status: 404, body: 'Not Found' }]) {
      answers = [answer];
      expect(await slack().find('C0ACCESS', 'card:1')).toBeUndefined();
    }
  });
});

it('telling one person and opening a modal use the methods made for it', async () => {
  answers = [
    { body: { ok: true, message_ts: '1' } },
    no('user_not_in_channel'),
    { body: { ok: true } },
    no('expired_trigger_id'),
  ];
  expect(await slack().tell('C0ACCESS', 'U0ALICE', message)).toBe('told');
  expect(await slack().tell('C0ACCESS', 'U0ALICE', message)).toBe('no-channel');
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'T' }, blocks: [] };
  await slack().openModal('trigger', view);
  await expect(slack().openModal('trigger', view)).rejects.toMatchObject({
    message: expect.stringContaining('expired_trigger_id'),
  });
  expect(asked.map(({ method }) => method)).toEqual([
    '/api/chat.postEphemeral',
    '/api/chat.postEphemeral',
    '/api/views.open',
    '/api/views.open',
  ]);
  expect(asked[2]?.args.trigger_id).toBe('trigger');
});
