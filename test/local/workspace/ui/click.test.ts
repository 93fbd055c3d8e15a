import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { lastOf, type Running, startWorkspace } from '../running-workspace.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value), value });
const blocks: KnownBlock[] = [
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), value: '01REQUEST', style: 'primary' },
      { type: 'overflow', action_id: 'more', options: [option('details'), option('why')] },
      {
        type: 'static_select',
        action_id: 'long',
        options: [option('30m'), option('1h')],
        placeholder: plain('How long'),
      },
    ],
  },
];

const postCard = async ({ client }: Running): Promise<string> =>
  String((await client.chat.postMessage({ channel: 'C0ACCESS', text: 'card', blocks })).ts);

describe('a press of a button', () => {
  it('is sent in exactly Slack’s shape', async () => {
    await using workspace = await startWorkspace();
    const ts = await postCard(workspace);
    await workspace.act('click', { as: 'bob', channel: 'C0ACCESS', ts, blockId: 'decide', actionId: 'approve' });
    const { response_url, trigger_id, state, actions, message, ...fixed } = lastOf(workspace.received).payload;
    expect(fixed).toEqual({
      type: 'block_actions',
      team: { id: 'T0DAYPASS', domain: 'daypass-demo' },
      user: { id: 'U0BOB', username: 'bob', name: 'bob', team_id: 'T0DAYPASS' },
      api_app_id: 'A0DAYPASS',
      token: 'unused',
      enterprise: null,
      is_enterprise_install: false,
      container: { type: 'message', message_ts: ts, channel_id: 'C0ACCESS', is_ephemeral: false },
      channel: { id: 'C0ACCESS', name: 'access' },
    });
    expect(actions).toEqual([
      {
        type: 'button',
        action_id: 'approve',
        block_id: 'decide',
        text: plain('Approve'),
        value: '01REQUEST',
        style: 'primary',
        action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
      },
    ]);
    expect(message).toMatchObject({
      type: 'message',
      ts,
      user: 'U0DAYPASS',
      bot_id: 'B0DAYPASS',
      text: 'card',
      blocks,
    });
    expect(trigger_id).toMatch(/^\d+\.\d+\.[0-9a-f]+$/);
    expect(response_url).toContain('/workspace/respond/');
    expect(state).toEqual({ values: { decide: { long: { type: 'static_select', selected_option: null } } } });
  });

  it('carries the value that the app gave it, whatever the page says', async () => {
    await using workspace = await startWorkspace();
    const ts = await postCard(workspace);
    await workspace.act('click', {
      as: 'bob',
      channel: 'C0ACCESS',
      ts,
      blockId: 'decide',
      actionId: 'approve',
      value: 'forged',
    });
    expect(lastOf(workspace.received).payload.actions).toMatchObject([{ value: '01REQUEST' }]);
  });

  it('that is gone by now is not sent, and the person is told', async () => {
    await using workspace = await startWorkspace();
    const ts = await postCard(workspace);
    await workspace.client.chat.update({ channel: 'C0ACCESS', ts, text: 'Approved by Bob' });
    const answer = await workspace.act('click', {
      as: 'bob',
      channel: 'C0ACCESS',
      ts,
      blockId: 'decide',
      actionId: 'approve',
    });
    expect(answer).toMatchObject({ ok: false, say: expect.stringContaining('no longer here') });
    expect(workspace.received).toEqual([]);
  });

  it('in another person’s direct messages is not possible', async () => {
    await using workspace = await startWorkspace();
    const { ts } = await workspace.client.chat.postMessage({ channel: 'U0ALICE', text: 'card', blocks });
    const answer = await workspace.act('click', {
      as: 'bob',
      channel: 'D0ALICE',
      ts,
      blockId: 'decide',
      actionId: 'approve',
    });
    expect(answer.ok).toBe(false);
  });

  it('that the app does not take is told to the person', async () => {
    await using workspace = await startWorkspace();
    workspace.answerWith(() => ({ status: 503 }));
    const ts = await postCard(workspace);
    const answer = await workspace.act('click', {
      as: 'bob',
      channel: 'C0ACCESS',
      ts,
      blockId: 'decide',
      actionId: 'approve',
    });
    expect(answer).toEqual({
      ok: false,
      say: 'The app did not take that (dispatch_failed). Wait a moment and press it again.',
    });
  });

  it('in an ephemeral message comes without the message, as in Slack', async () => {
    await using workspace = await startWorkspace();
    const { message_ts: ts } = await workspace.client.chat.postEphemeral({
      channel: 'C0ACCESS',
      user: 'U0BOB',
      text: 'x',
      blocks,
    });
    await workspace.act('click', { as: 'bob', channel: 'C0ACCESS', ts, blockId: 'decide', actionId: 'approve' });
    const { payload } = lastOf(workspace.received);
    expect(payload.container).toEqual({ type: 'message', message_ts: ts, channel_id: 'C0ACCESS', is_ephemeral: true });
    expect(payload).not.toHaveProperty('message');
  });
});

it.each([
  ['more', 'why', { type: 'overflow', selected_option: option('why') }],
  ['long', '1h', { type: 'static_select', selected_option: option('1h'), placeholder: plain('How long') }],
])('a choice in %s is one of those offered', async (actionId, value, action) => {
  await using workspace = await startWorkspace();
  const ts = await postCard(workspace);
  await workspace.act('click', { as: 'bob', channel: 'C0ACCESS', ts, blockId: 'decide', actionId, value });
  expect(lastOf(workspace.received).payload.actions).toEqual([
    { ...action, action_id: actionId, block_id: 'decide', action_ts: expect.any(String) },
  ]);
});
