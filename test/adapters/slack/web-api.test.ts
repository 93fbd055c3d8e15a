import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlack } from '#adapters/slack/web-api.ts';
import { turnableClock } from '#local/clock.ts';

/** A stand-in for Slack's Web API: what it was asked, and what it answers next. */
type Asked = { method: string; args: Record<string, string>; authorization: string | undefined };
type Answer = { status?: number; headers?: Record<string, string>; body: object | string } | 'cut';

const asked: Asked[] = [];
const waits: number[] = [];
let answers: Answer[] = [];
const logged: string[] = [];
let clock = turnableClock();
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
  logged.length = 0;
  clock = turnableClock();
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
  createSlack({
    token: async () => 'xoxb-secret',
    apiUrl,
    clock,
    log: { error: (text) => void logged.push(text) },
    pause: async (ms) => {
      waits.push(ms);
      await clock.turn(ms);
    },
  });
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

const limited = (seconds: number) => ({ status: 429, headers: { 'retry-after': String(seconds) }, body: '' });

describe('while Slack takes no more', () => {
  it('in one channel nothing more is sent there, and other channels go on', async () => {
    answers = [limited(5), ok, ok];
    const app = slack();
    await expect(app.post('C0ACCESS', message)).rejects.toMatchObject({ name: 'SlackUnavailable' });
    await expect(app.post('C0ACCESS', message)).rejects.toMatchObject({
      name: 'SlackUnavailable',
      message: 'Slack takes no more chat.postMessage for 6 s. Try again then.',
    });
    expect(asked.length).toBe(1);
    expect(await app.post('C0SECURITY', message)).toEqual(posted);
    await clock.turn(5_250);
    expect(await app.post('C0ACCESS', message)).toEqual(posted);
  });

  it('an alert goes first when it does again, then an approval, then the rest', async () => {
    answers = [limited(5), ok, ok, ok];
    const app = slack();
    const post = (urgency: 'alert' | 'approval' | 'notice') => app.post('C0ACCESS', message, { urgency });
    await expect(post('notice')).rejects.toThrow();
    await clock.turn(3_500);
    const started = { alert: clock.nowMs() };
    expect(await post('alert')).toEqual(posted);
    expect(clock.nowMs() - started.alert).toBe(1_500);
    expect(await post('approval')).toEqual(posted);
    expect(clock.nowMs() - started.alert).toBe(1_600);
    expect(await post('notice')).toEqual(posted);
    expect(clock.nowMs() - started.alert).toBe(1_750);
    expect(asked.length).toBe(4);
  });

  it('is not looked for in the history, since it was not taken', async () => {
    answers = [limited(1), ok];
    expect(await slack().post('C0ACCESS', message, { key: 'card:1', urgency: 'approval' })).toEqual(posted);
    expect(asked.map(({ method }) => method)).toEqual(['/api/chat.postMessage', '/api/chat.postMessage']);
    expect(waits).toEqual([1_100]);
  });
});

describe('trouble that passes is waited out', () => {
  const passing: [string, Answer][] = [
    ...['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'ratelimited'].map(
      (error): [string, Answer] => [error, no(error)],
    ),
    ...[500, 502, 503, 504, 408].map((status): [string, Answer] => [`HTTP ${status}`, { status, body: '' }]),
    ['a connection that breaks', 'cut'],
  ];
  it.each(passing)('%s, for a post', async (_, answer) => {
    answers = [answer, ok];
    expect(await slack().post('C0ACCESS', message)).toEqual(posted);
  });
  it.each(passing)('%s, for an update, a word to one person and a form', async (_, answer) => {
    const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'T' }, blocks: [] };
    answers = [answer, ok, answer, ok, answer, ok];
    expect(await slack().update(posted, message)).toBe('updated');
    expect(await slack().tell('C0ACCESS', 'U0ALICE', message)).toBe('told');
    await slack().openModal('trigger', view);
    expect(asked.length).toBe(6);
  });
  it.each(passing)('%s, for a search, which never takes it for an answer', async (_, answer) => {
    const metadata = { event_type: 'daypass', event_payload: { key: 'card:1' } };
    answers = [answer, { body: { ok: true, messages: [{ ts: '9.000001', metadata }] } }];
    expect(await slack().find('C0ACCESS', 'card:1')).toEqual({ channel: 'C0ACCESS', ts: '9.000001' });
    answers = [answer, answer, answer];
    await expect(slack().find('C0ACCESS', 'card:1')).rejects.toMatchObject({ name: 'SlackUnavailable' });
  });
});

describe('trouble that lasts is not tried again', () => {
  it.each([
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'user_disabled',
    'messages_tab_disabled',
    'restricted_action',
  ])('%s: there is no such channel for us', async (error) => {
    answers = [no(error)];
    expect(await slack().post('C0ACCESS', message)).toBe('no-channel');
    expect(asked.length).toBe(1);
  });
  it.each(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope'])(
    '%s: the app has to be put right, and is told how',
    async (error) => {
      answers = [no(error)];
      await expect(slack().post('C0ACCESS', message)).rejects.toMatchObject({
        message: expect.stringContaining(`${error}. Check the bot token`),
      });
      expect(asked.length).toBe(1);
    },
  );
  it.each(['msg_blocks_too_long', 'invalid_blocks', 'msg_too_long', 'invalid_arguments'])(
    '%s: the message is posted as plain words, and the log says so',
    async (error) => {
      answers = [no(error), ok];
      const blocks = [{ type: 'divider' as const }];
      expect(await slack().post('C0ACCESS', { text: 'Asked for: orders', blocks })).toEqual(posted);
      expect(asked.map(({ args }) => [args.text, args.blocks])).toEqual([
        ['Asked for: orders', '[{"type":"divider"}]'],
        ['Asked for: orders', '[]'],
      ]);
      expect(logged).toEqual([
        'Slack refuses the blocks of a message; it is posted as plain words, without its buttons.',
      ]);
    },
  );
});

describe('trouble', () => {
  it('is tried three times at most, with short waits', async () => {
    answers = [{ status: 500, body: '' }, 'cut', no('internal_error'), ok];
    await expect(slack().update(posted, message)).rejects.toMatchObject({ name: 'SlackUnavailable' });
    expect(asked.length).toBe(3);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2000);
  });

  it("that trying again cannot mend is reported at once with Slack's own name for it, and never with the token", async () => {
    answers = [no('invalid_auth')];
    const failure = await slack()
      .post('C0ACCESS', message)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'SlackUnavailable',
      message:
        'Slack refused chat.postMessage: invalid_auth. Check the bot token, and install the app anew if its scopes changed: daypass doctor says what is wrong.',
    });
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

describe('whether an account is a member’s', () => {
  const user = { id: 'U0ALICE', team_id: 'T0DAYPASS', deleted: false, is_bot: false, is_restricted: false };
  const told = (more: object) => ({ body: { ok: true, user: { ...user, ...more } } });

  it.each([
    [{}, { is: 'member' }],
    [{ deleted: true }, { is: 'no-member', because: 'is deactivated' }],
    [{ is_restricted: true }, { is: 'no-member', because: 'is a guest’s' }],
    [
      { is_restricted: true, is_ultra_restricted: true },
      { is: 'no-member', because: 'is a guest’s' },
    ],
    [{ is_stranger: true }, { is: 'no-member', because: 'is of another workspace' }],
    [{ is_bot: true }, { is: 'no-member', because: 'is a bot’s' }],
  ])('is what Slack says of it: %o', async (more, standing) => {
    answers = [told(more)];
    expect(await slack().standingOf('U0ALICE')).toEqual(standing);
    expect(asked).toMatchObject([{ method: '/api/users.info', args: { user: 'U0ALICE' } }]);
  });

  it.each(['user_not_found', 'user_not_visible'])('is not known where Slack answers %s', async (error) => {
    answers = [no(error)];
    expect(await slack().standingOf('U0ALICE')).toEqual({ is: 'unknown', because: 'is none that it shows Daypass' });
  });

  it.each([
    [{ ...no('ratelimited'), status: 429, headers: { 'retry-after': '1' } }, 'Slack takes no more users.info for 1 s.'],
    [no('missing_scope'), 'Slack refused users.info: missing_scope. Check the bot token, and install the app anew'],
    [no('token_revoked'), 'Slack refused users.info: token_revoked.'],
    [{ status: 503, body: 'away' }, 'Slack answered with HTTP 503 for users.info.'],
    ['cut' as const, 'Slack could not be reached for users.info.'],
  ])('is asked once and then thrown as what it is: %o', async (answer, words) => {
    answers = [answer, told({})];
    await expect(slack().standingOf('U0ALICE')).rejects.toThrow(words);
    expect([asked.length, waits]).toEqual([1, []]);
  });

  it.each([no('unknown_method'), { status: 404, body: 'no such page' }, { body: { ok: true } }])(
    'is nothing to ask where a stand-in knows no accounts: %o',
    async (answer) => {
      answers = [answer];
      expect(await slack().standingOf('U0ALICE')).toEqual({ is: 'member' });
    },
  );
});
