import { describe, expect, it } from 'vitest';
import { directory, jsonAnswer, lastOf, startWorkspace } from '../running-workspace.ts';

const texts = (view: { messages: readonly { text: string }[] }): string[] => view.messages.map(({ text }) => text);

describe('a slash command', () => {
  it('is sent as Slack sends it: signed, a form, every field', async () => {
    await using workspace = await startWorkspace();
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access orders-admin 30m fixing INC-42' });
    const { form, headers } = lastOf(workspace.received);
    const { response_url, trigger_id, ...fixed } = Object.fromEntries(form);
    expect(fixed).toEqual({
      token: 'unused',
      team_id: 'T0DAYPASS',
      team_domain: 'daypass-demo',
      channel_id: 'C0ACCESS',
      channel_name: 'access',
      user_id: 'U0ALICE',
      user_name: 'alice',
      command: '/access',
      text: 'orders-admin 30m fixing INC-42',
      api_app_id: 'A0DAYPASS',
      is_enterprise_install: 'false',
    });
    expect(trigger_id).toMatch(/^\d+\.\d+\.[0-9a-f]{32}$/);
    expect(response_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/workspace\/respond\/[\w-]{32}$/);
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(headers['x-slack-request-timestamp']).toBe('1795341600');
  });

  it('has people, channels and links marked where the manifest escapes them, and arrives as typed where it does not', async () => {
    const typed = 'lockdown person @alice in #access see https://a.example/?x=1&y=2 <b> bob@example.com @nobody';
    const said = async (shouldEscape: boolean): Promise<string | null> => {
      await using workspace = await startWorkspace({ commands: [{ command: '/access', shouldEscape }] });
      await workspace.act('say', { as: 'bob', channel: 'C0ACCESS', text: `/access ${typed}` });
      return lastOf(workspace.received).form.get('text');
    };
    expect(await said(true)).toBe(
      'lockdown person <@U0ALICE|alice> in <#C0ACCESS|access> see <https://a.example/?x=1&amp;y=2> &lt;b&gt; <mailto:bob@example.com|bob@example.com> @nobody',
    );
    expect(await said(false)).toBe(typed);
  });

  it('cannot be typed to an app whose manifest makes its messages tab read-only, and the page greys the field', async () => {
    const bot = { ...directory.bot, messagesTabReadOnly: true };
    await using workspace = await startWorkspace({ directory: { ...directory, bot } });
    expect(await workspace.act('say', { as: 'alice', channel: 'D0ALICE', text: '/access login BCDF-GHJK' })).toEqual({
      ok: false,
      say: 'Nothing can be written here: the app’s manifest makes its messages tab read-only.',
    });
    expect(workspace.received).toEqual([]);
    expect((await workspace.seenBy('alice', 'D0ALICE')).readOnly).toBe(true);
    expect((await workspace.seenBy('alice', 'C0ACCESS')).readOnly).toBe(false);
  });

  it('answered in the body: ephemeral unless it says otherwise', async () => {
    await using workspace = await startWorkspace();
    workspace.answerWith(({ form }) =>
      form.get('text') === 'aloud'
        ? jsonAnswer({ response_type: 'in_channel', text: 'All hear' })
        : jsonAnswer({ text: 'You hear' }),
    );
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access aloud' });
    expect(texts(await workspace.seenBy('alice', 'C0ACCESS'))).toEqual(['You hear', 'All hear']);
    expect(texts(await workspace.seenBy('bob', 'C0ACCESS'))).toEqual(['All hear']);
  });

  it('answered with plain text is that text, with nothing is nothing', async () => {
    await using workspace = await startWorkspace();
    workspace.answerWith(({ form }) =>
      form.get('text') === 'plain' ? { contentType: 'text/plain', body: 'Done' } : {},
    );
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access plain' });
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
    expect(texts(await workspace.seenBy('alice', 'C0ACCESS'))).toEqual(['Done']);
  });

  it.each([
    ['an app that does not answer in time', 'never' as const, 'operation_timeout'],
    ['an app that fails', { status: 500 }, 'dispatch_failed'],
    ['an answer with blocks that Slack refuses', jsonAnswer({ blocks: [{ type: 'nope' }] }), 'invalid_blocks'],
  ])('%s is told to the person alone', async (_, answer, error) => {
    await using workspace = await startWorkspace(answer === 'never' ? { patienceMs: 50 } : {});
    workspace.answerWith(() => answer);
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
    const [message] = (await workspace.seenBy('alice', 'C0ACCESS')).messages;
    expect(message?.text).toContain(`\`/access\` failed with the error \`${error}\``);
    expect(message?.author.name).toBe('Slackbot');
    expect((await workspace.seenBy('bob', 'C0ACCESS')).messages).toEqual([]);
  });

  it('that the app does not have is not sent to it', async () => {
    await using workspace = await startWorkspace();
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/acces' });
    expect(workspace.received).toEqual([]);
    expect(texts(await workspace.seenBy('alice', 'C0ACCESS'))).toEqual([
      '`/acces` is not a command here. Try `/access help`.',
    ]);
  });
});

describe('a plain message', () => {
  it('is escaped as Slack escapes it, and everybody reads it', async () => {
    await using workspace = await startWorkspace();
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: 'a <@U0BOB> & <b>' });
    expect(texts(await workspace.seenBy('bob', 'C0ACCESS'))).toEqual(['a &lt;@U0BOB&gt; &amp; &lt;b&gt;']);
  });

  it('in another person’s direct messages is refused, as if there were none', async () => {
    await using workspace = await startWorkspace();
    const say = 'There is no such conversation for you. Choose one on the left.';
    expect(await workspace.act('say', { as: 'bob', channel: 'D0ALICE', text: 'hello' })).toEqual({ ok: false, say });
    expect(await workspace.act('say', { as: 'bob', channel: 'D0NOBODY', text: 'hello' })).toEqual({ ok: false, say });
  });

  it('as a reply stands under its message; a reply to a reply in the same thread', async () => {
    await using workspace = await startWorkspace();
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: 'first' });
    const parent = (await workspace.seenBy('bob', 'C0ACCESS')).messages[0];
    await workspace.act('say', { as: 'bob', channel: 'C0ACCESS', text: 'second', threadTs: parent?.ts });
    const reply = (await workspace.seenBy('bob', 'C0ACCESS')).messages[0]?.replies[0];
    await workspace.act('say', { as: 'carol', channel: 'C0ACCESS', text: 'third', threadTs: reply?.ts });
    const [message, ...others] = (await workspace.seenBy('bob', 'C0ACCESS')).messages;
    expect(others).toEqual([]);
    expect(message?.replies.map(({ text }) => text)).toEqual(['second', 'third']);
  });

  it('is unread for the others until they have seen it, and never for its author', async () => {
    await using workspace = await startWorkspace();
    await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: 'hello' });
    const seen = await workspace.seenBy('bob', 'C0ACCESS');
    expect([seen.unread, (await workspace.seenBy('alice', 'C0ACCESS')).unread]).toEqual([true, false]);
    await workspace.act('read', { as: 'bob', channel: 'C0ACCESS', ts: seen.messages[0]?.ts });
    expect((await workspace.seenBy('bob', 'C0ACCESS')).unread).toBe(false);
    expect((await workspace.seenBy('carol', 'C0ACCESS')).unread).toBe(true);
  });
});

it('somebody who is not in the workspace can do nothing', async () => {
  await using workspace = await startWorkspace();
  expect(await workspace.act('say', { as: 'mallory', channel: 'C0ACCESS', text: 'hi' })).toMatchObject({ ok: false });
  expect(await workspace.act('say', { as: 'alice', text: 'no channel' })).toMatchObject({ ok: false });
  expect((await workspace.seenBy('alice', 'C0ACCESS')).messages).toEqual([]);
});
