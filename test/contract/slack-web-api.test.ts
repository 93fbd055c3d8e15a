import type { KnownBlock } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { errorOf, refusalOf } from '#test/local/workspace/refusal-of.ts';
import { startWorkspace } from '#test/local/workspace/running-workspace.ts';

/** The official client against the embedded workspace: what it does, and every refusal by Slack's own name. */

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });
describe('the token', () => {
  it('is asked for, and only the right one will do', async () => {
    await using workspace = await startWorkspace();
    const slackApiUrl = `${workspace.url}/workspace/api/`;
    expect(await workspace.client.auth.test()).toMatchObject({
      ok: true,
      team_id: 'T0DAYPASS',
      user_id: 'U0DAYPASS',
      bot_id: 'B0DAYPASS',
      user: 'daypass',
    });
    expect(await errorOf(new WebClient(undefined, { slackApiUrl }).auth.test())).toBe('not_authed');
    expect(await errorOf(new WebClient('xoxb-another', { slackApiUrl }).auth.test())).toBe('invalid_auth');
  });

  it('is needed also to learn that a method is unknown', async () => {
    await using workspace = await startWorkspace();
    expect(await errorOf(workspace.client.apiCall('files.upload'))).toBe('unknown_method');
    expect(await errorOf(workspace.client.apiCall('constructor'))).toBe('unknown_method');
    const res = await fetch(`${workspace.url}/workspace/api/files.upload`, { method: 'POST' });
    expect(await res.json()).toEqual({ ok: false, error: 'not_authed' });
  });
});

it('a JSON body does as well as a form', async () => {
  await using workspace = await startWorkspace();
  const post = async (body: string, contentType = 'application/json; charset=utf-8') => {
    const headers = { authorization: `Bearer ${workspace.client.token}`, 'content-type': contentType };
    return (await fetch(`${workspace.url}/workspace/api/chat.postMessage`, { method: 'POST', headers, body })).json();
  };
  expect(await post('{"channel":"C0ACCESS","blocks":[{"type":"divider"}],"text":"hi"}')).toMatchObject({ ok: true });
  expect(await post('{')).toEqual({ ok: false, error: 'invalid_json' });
  expect(await post('[]')).toEqual({ ok: false, error: 'json_not_object' });
  expect(await post('<x/>', 'text/xml')).toEqual({ ok: false, error: 'invalid_post_type' });
});

describe('chat.postMessage', () => {
  it('to a channel by id or name, and to a person by id, which opens the direct messages', async () => {
    await using workspace = await startWorkspace();
    const post = async (channel: string) => (await workspace.client.chat.postMessage({ channel, text: 'hi' })).channel;
    expect(await post('C0ACCESS')).toBe('C0ACCESS');
    expect(await post('#security-alerts')).toBe('C0SECURITY');
    expect(await post('U0ALICE')).toBe('D0ALICE');
    expect(await post('D0ALICE')).toBe('D0ALICE');
    expect(await errorOf(post('C0NOWHERE'))).toBe('channel_not_found');
    expect(await errorOf(post('U0MALLORY'))).toBe('channel_not_found');
  });

  it('answers with the message as it stands, ids of its blocks included', async () => {
    await using workspace = await startWorkspace();
    const { message, ts } = await workspace.client.chat.postMessage({
      channel: 'C0ACCESS',
      text: 'card',
      blocks: [section('x')],
    });
    expect(message).toMatchObject({
      type: 'message',
      ts,
      user: 'U0DAYPASS',
      bot_id: 'B0DAYPASS',
      app_id: 'A0DAYPASS',
      team: 'T0DAYPASS',
      text: 'card',
      blocks: [{ type: 'section', block_id: expect.stringMatching(/^[\w-]{5}$/) }],
    });
  });

  it('refuses what Slack refuses', async () => {
    await using workspace = await startWorkspace();
    const post = (more: Record<string, unknown>) =>
      errorOf(workspace.client.apiCall('chat.postMessage', { channel: 'C0ACCESS', ...more }));
    expect(await post({})).toBe('no_text');
    expect(await post({ text: '  ' })).toBe('no_text');
    expect(await post({ blocks: [] })).toBe('no_text');
    expect(await post({ text: 'x'.repeat(40_000) })).toBe('none: it was accepted');
    expect(await post({ text: 'x'.repeat(40_001) })).toBe('msg_too_long');
    expect(await post({ blocks: 'not json' })).toBe('invalid_blocks_format');
    expect(await post({ blocks: '{"type":"divider"}' })).toBe('invalid_blocks_format');
    expect(await post({ text: 'x', thread_ts: '1.000001' })).toBe('thread_not_found');
    expect(await post({ text: 'x', metadata: { event_type: 'x' } })).toBe('invalid_metadata_format');
    expect(await post({ blocks: Array.from({ length: 5 }, () => section('x'.repeat(2900))) })).toBe(
      'msg_blocks_too_long',
    );
  });

  it('names what is wrong with blocks, where it stands', async () => {
    await using workspace = await startWorkspace();
    const blocks = [section('x'.repeat(3001)), { type: 'sektion' } as unknown as KnownBlock];
    const refusal = await refusalOf(workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'x', blocks }));
    expect(refusal).toEqual({
      error: 'invalid_blocks',
      messages: [
        '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
        '[ERROR] unsupported type: sektion [json-pointer:/blocks/1/type]',
      ],
    });
  });

  it('broadcasts a reply: it stands in the thread and in the channel, and an update keeps it there', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    const channel = 'C0ACCESS';
    const { ts: root = '' } = await client.chat.postMessage({ channel, text: 'card' });
    await client.chat.postMessage({ channel, text: 'in the thread', thread_ts: root, reply_broadcast: false });
    const metadata = { event_type: 'daypass', event_payload: { key: 'k' } };
    const posted = { channel, text: 'for all', thread_ts: root, reply_broadcast: true, metadata } as const;
    const { ts = '', message } = await client.chat.postMessage(posted);
    expect(message).toMatchObject({ subtype: 'thread_broadcast', thread_ts: root, root: { text: 'card' } });
    await client.chat.update({ channel, ts, text: 'for all, answered' });
    const { messages } = await client.conversations.history({ channel, include_all_metadata: true });
    expect(messages).toMatchObject([
      { text: 'for all, answered', subtype: 'thread_broadcast', thread_ts: root, metadata },
      { text: 'card', reply_count: 2 },
    ]);
    const thread = await client.conversations.replies({ channel, ts: root });
    expect(thread.messages?.map(({ text }) => text)).toEqual(['card', 'in the thread', 'for all, answered']);
    const seen = (await workspace.seenBy('bob', channel)).messages;
    expect(seen.map(({ text, repliesTo }) => [text, repliesTo])).toEqual([
      ['card', undefined],
      ['for all, answered', { ts: root, text: 'card' }],
    ]);
    expect(seen[0]?.replies.map(({ text }) => text)).toEqual(['in the thread', 'for all, answered']);
    // Outside a thread it says nothing, as in Slack.
    const alone = await client.apiCall('chat.postMessage', { channel, text: 'alone', reply_broadcast: true });
    expect(alone).toMatchObject({ ok: true, message: { text: 'alone' } });
    expect(alone).not.toMatchObject({ message: { subtype: 'thread_broadcast' } });
    const update = client.chat.update({ channel, ts, text: 'x', reply_broadcast: true });
    expect(await errorOf(update)).toBe('invalid_arguments');
  });

  it('says by name what it does not have, rather than dropping it', async () => {
    await using workspace = await startWorkspace();
    const refusal = await refusalOf(
      workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'x', attachments: [{ text: 'old' }] }),
    );
    expect(refusal).toEqual({
      error: 'invalid_arguments',
      messages: ['[ERROR] the embedded workspace does not have `attachments` [json-pointer:/attachments]'],
    });
  });
});

describe('chat.update and chat.delete', () => {
  it('change and take away the app’s own message, and no other', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0ACCESS', text: 'card', blocks: [section('one')] });
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: 'mine' });
    const alices = (await workspace.seenBy('alice', 'C0ACCESS')).messages[1]?.ts ?? '';
    expect(await errorOf(client.chat.update({ channel: 'C0ACCESS', ts: alices, text: 'x' }))).toBe(
      'cant_update_message',
    );
    expect(await errorOf(client.chat.delete({ channel: 'C0ACCESS', ts: alices }))).toBe('cant_delete_message');
    expect(await errorOf(client.chat.update({ channel: 'C0SECURITY', ts, text: 'x' }))).toBe('message_not_found');
    expect(await errorOf(client.chat.update({ channel: 'C0NOWHERE', ts, text: 'x' }))).toBe('channel_not_found');
    expect(await errorOf(client.chat.update({ channel: 'C0ACCESS', ts, text: ' ' }))).toBe('no_text');
    await client.chat.delete({ channel: 'C0ACCESS', ts });
    expect(await errorOf(client.chat.delete({ channel: 'C0ACCESS', ts }))).toBe('message_not_found');
  });

  it('a text alone takes the blocks away and shows as edited; blocks do not', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0ACCESS', text: 'card', blocks: [section('one')] });
    const withBlocks = await client.chat.update({ channel: 'C0ACCESS', ts, text: 'card', blocks: [section('two')] });
    expect(withBlocks.message).toMatchObject({ blocks: [{ text: { text: 'two' } }] });
    expect(withBlocks.message).not.toHaveProperty('edited');
    const { message } = await client.chat.update({ channel: 'C0ACCESS', ts, text: 'only text' });
    expect(message).toMatchObject({ text: 'only text', edited: { user: 'U0DAYPASS' } });
    expect(message).not.toHaveProperty('blocks');
  });

  it('an ephemeral message can be neither changed nor taken away', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    const { message_ts: ts = '' } = await client.chat.postEphemeral({
      channel: 'C0ACCESS',
      user: 'U0ALICE',
      text: 'x',
    });
    expect(await errorOf(client.chat.update({ channel: 'C0ACCESS', ts, text: 'y' }))).toBe('message_not_found');
    expect(await errorOf(client.chat.delete({ channel: 'C0ACCESS', ts }))).toBe('message_not_found');
  });
});

it('chat.postEphemeral shows to one person of the conversation, in the thread where that is said', async () => {
  await using workspace = await startWorkspace();
  const { client } = workspace;
  const { ts = '' } = await client.chat.postMessage({ channel: 'C0ACCESS', text: 'card' });
  await client.chat.postEphemeral({ channel: 'C0ACCESS', user: 'U0ALICE', text: 'for Alice', thread_ts: ts });
  const replies = async (as: string) =>
    (await workspace.seenBy(as, 'C0ACCESS')).messages[0]?.replies.map(({ text }) => text);
  expect([await replies('alice'), await replies('bob')]).toEqual([['for Alice'], []]);
  const whisper = (channel: string, user: string) => errorOf(client.chat.postEphemeral({ channel, user, text: 'x' }));
  expect(await whisper('D0ALICE', 'U0BOB')).toBe('user_not_in_channel');
  expect(await whisper('C0ACCESS', 'U0MALLORY')).toBe('user_not_in_channel');
});

it('chat.getPermalink leads to the page', async () => {
  await using workspace = await startWorkspace();
  const { ts = '' } = await workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'card' });
  const { permalink = '' } = await workspace.client.chat.getPermalink({ channel: 'C0ACCESS', message_ts: ts });
  expect(permalink).toBe(`${workspace.url}/workspace/archives/C0ACCESS/p${ts.replace('.', '')}`);
  expect((await fetch(permalink)).headers.get('content-type')).toBe('text/html; charset=utf-8');
  const missing = workspace.client.chat.getPermalink({ channel: 'C0ACCESS', message_ts: '1.000001' });
  expect(await errorOf(missing)).toBe('message_not_found');
});

describe('conversations', () => {
  it('history is newest first, without replies, in pages, metadata on request', async () => {
    const clock = turnableClock();
    await using workspace = await startWorkspace({ clock });
    const { client } = workspace;
    const post = async (text: string, more = {}) =>
      (await client.chat.postMessage({ channel: 'C0ACCESS', text, ...more })).ts ?? '';
    const metadata = { event_type: 'request', event_payload: { id: '01R' } };
    const one = await post('one', { metadata });
    await post('reply', { thread_ts: one });
    await clock.turn(1000);
    const two = await post('two');
    await clock.turn(1000);
    const three = await post('three');
    const history = async (more = {}) => {
      const { messages, has_more, response_metadata } = await client.conversations.history({
        channel: 'C0ACCESS',
        ...more,
      });
      return { texts: messages?.map(({ text }) => text), has_more, cursor: response_metadata?.next_cursor };
    };
    expect((await history()).texts).toEqual(['three', 'two', 'one']);
    const first = await history({ limit: 2 });
    expect([first.texts, first.has_more]).toEqual([['three', 'two'], true]);
    expect(await history({ limit: 2, cursor: first.cursor })).toMatchObject({ texts: ['one'], has_more: false });
    expect((await history({ oldest: one, latest: three })).texts).toEqual(['two']);
    expect((await history({ oldest: two, latest: two, inclusive: true })).texts).toEqual(['two']);
    expect((await history({ oldest: '0' })).texts).toEqual(['three', 'two', 'one']);
    expect(await errorOf(history({ cursor: 'nonsense' }))).toBe('invalid_cursor');
    expect(await errorOf(history({ oldest: 'yesterday' }))).toBe('invalid_ts_oldest');
    const oldest = async (more = {}) =>
      (await client.conversations.history({ channel: 'C0ACCESS', ...more })).messages?.at(-1);
    expect(await oldest()).toMatchObject({ text: 'one', reply_count: 1, thread_ts: one });
    expect(await oldest()).not.toHaveProperty('metadata');
    expect(await oldest({ include_all_metadata: true })).toMatchObject({ metadata });
  });

  it('replies begin with the message itself', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0ACCESS', text: 'card' });
    for (const text of ['first', 'second']) await client.chat.postMessage({ channel: 'C0ACCESS', text, thread_ts: ts });
    const texts = async (more = {}) =>
      (await client.conversations.replies({ channel: 'C0ACCESS', ts, ...more })).messages?.map(({ text }) => text);
    expect(await texts()).toEqual(['card', 'first', 'second']);
    expect(await texts({ limit: 2 })).toEqual(['card', 'first']);
    expect(await errorOf(client.conversations.replies({ channel: 'C0ACCESS', ts: '1.000001' }))).toBe(
      'thread_not_found',
    );
  });

  it('open, list, info and members', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    expect((await client.conversations.open({ users: 'U0ALICE' })).channel?.id).toBe('D0ALICE');
    expect(await client.conversations.open({ users: 'U0ALICE' })).toMatchObject({ already_open: true });
    expect(await errorOf(client.conversations.open({ users: 'U0MALLORY' }))).toBe('user_not_found');
    expect(await errorOf(client.apiCall('conversations.open'))).toBe('users_list_not_supplied');
    const ids = async (types?: string) =>
      (await client.conversations.list(types === undefined ? {} : { types })).channels?.map(({ id }) => id);
    expect(await ids()).toEqual(['C0ACCESS', 'C0SECURITY']);
    expect(await ids('im')).toEqual(['D0ALICE']);
    expect(await errorOf(ids('everything'))).toBe('invalid_types');
    expect((await client.conversations.info({ channel: 'C0ACCESS' })).channel).toMatchObject({
      name: 'access',
      is_member: true,
    });
    expect(await errorOf(client.conversations.info({ channel: 'C0NOWHERE' }))).toBe('channel_not_found');
    const { members } = await client.conversations.members({ channel: 'C0ACCESS' });
    expect(members).toEqual(['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAVE', 'U0DAYPASS']);
    expect((await client.conversations.members({ channel: 'D0BOB' })).members).toEqual(['U0BOB', 'U0DAYPASS']);
  });
});

it('users.info and users.list', async () => {
  await using workspace = await startWorkspace();
  const { client } = workspace;
  expect((await client.users.info({ user: 'U0BOB' })).user).toMatchObject({
    id: 'U0BOB',
    team_id: 'T0DAYPASS',
    name: 'bob',
    real_name: 'Bob',
    is_bot: false,
    profile: { email: 'bob@example.com' },
  });
  expect((await client.users.info({ user: 'U0DAYPASS' })).user).toMatchObject({ is_bot: true });
  expect(await errorOf(client.users.info({ user: 'U0MALLORY' }))).toBe('user_not_found');
  const page = await client.users.list({ limit: 2 });
  expect(page.members?.map(({ id }) => id)).toEqual(['U0ALICE', 'U0BOB']);
  const rest = await client.users.list({ limit: 3, cursor: page.response_metadata?.next_cursor ?? '' });
  expect(rest.members?.map(({ id }) => id)).toEqual(['U0CAROL', 'U0DAVE', 'U0DAYPASS']);
  expect(rest.response_metadata?.next_cursor).toBe('');
});
