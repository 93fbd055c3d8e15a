import type { ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { jsonAnswer, lastOf, type Running, startWorkspace } from '../running-workspace.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const view = (more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: 'ask',
  private_metadata: 'C0ACCESS',
  title: plain('Ask'),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'text', min_length: 3 },
    },
    { type: 'section', block_id: 'info', text: plain('One of the leads approves.') },
  ],
  ...more,
});

/** Opens the view for Alice by a command, as an app does, and gives its id. */
const openFor = async (workspace: Running, modal: ModalView = view()): Promise<string> => {
  workspace.answerWith(async ({ form }) => {
    await workspace.client.views.open({ trigger_id: String(form.get('trigger_id')), view: modal });
    return {};
  });
  await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
  workspace.answerWith(() => ({}));
  return (await workspace.stateOf('alice')).modal?.id ?? 'no modal';
};

const filled = { why: { text: 'fixing INC-42' } };
const openTitle = async (workspace: Running) => (await workspace.stateOf('alice')).modal?.modal.title.text;

describe('a submitted modal', () => {
  it('is sent with its state, to the app that opened it, and closes when the app says nothing', async () => {
    await using workspace = await startWorkspace();
    const viewId = await openFor(workspace);
    workspace.answerWith(() => ({}));
    expect(await workspace.act('submit', { as: 'alice', viewId, values: filled })).toEqual({ ok: true });
    const { payload } = lastOf(workspace.received);
    expect(payload).toMatchObject({
      type: 'view_submission',
      team: { id: 'T0DAYPASS', domain: 'daypass-demo' },
      user: { id: 'U0ALICE', username: 'alice', name: 'alice', team_id: 'T0DAYPASS' },
      api_app_id: 'A0DAYPASS',
      response_urls: [],
      view: {
        id: viewId,
        type: 'modal',
        callback_id: 'ask',
        private_metadata: 'C0ACCESS',
        root_view_id: viewId,
        previous_view_id: null,
        app_id: 'A0DAYPASS',
        bot_id: 'B0DAYPASS',
        state: { values: { why: { text: { type: 'plain_text_input', value: 'fixing INC-42' } } } },
      },
    });
    expect(await openTitle(workspace)).toBeUndefined();
  });

  it('with something missing stays, and the app does not hear of it', async () => {
    await using workspace = await startWorkspace();
    const viewId = await openFor(workspace);
    const heard = workspace.received.length;
    expect(await workspace.act('submit', { as: 'alice', viewId, values: {} })).toMatchObject({
      ok: false,
      errors: { why: 'This is needed. Please fill it in.' },
    });
    expect(workspace.received).toHaveLength(heard);
    expect(await openTitle(workspace)).toBe('Ask');
  });

  it('stays open with the app’s errors at their fields', async () => {
    await using workspace = await startWorkspace();
    const viewId = await openFor(workspace);
    workspace.answerWith(() => jsonAnswer({ response_action: 'errors', errors: { why: 'Name the ticket.' } }));
    expect(await workspace.act('submit', { as: 'alice', viewId, values: filled })).toMatchObject({
      ok: false,
      errors: { why: 'Name the ticket.' },
    });
    expect(await openTitle(workspace)).toBe('Ask');
  });

  it.each([
    ['errors for a block that is no input', jsonAnswer({ response_action: 'errors', errors: { info: 'x' } })],
    ['a view that Slack refuses', jsonAnswer({ response_action: 'update', view: { type: 'modal' } })],
    ['an action that Slack does not know', jsonAnswer({ response_action: 'explode' })],
    ['an answer that is no JSON', { body: '<html>' }],
    ['an error', { status: 500 }],
  ])('stays open when the app answers with %s', async (_, answer) => {
    await using workspace = await startWorkspace();
    const viewId = await openFor(workspace);
    workspace.answerWith(() => answer);
    const result = await workspace.act('submit', { as: 'alice', viewId, values: filled });
    expect(result).toMatchObject({ ok: false, say: expect.stringContaining('The app did not take the form.') });
    expect(await openTitle(workspace)).toBe('Ask');
  });

  it('is replaced by response_action update, covered by push, and gone after clear', async () => {
    await using workspace = await startWorkspace();
    const viewId = await openFor(workspace);
    const submitAs = async (id: string, body: unknown) => {
      workspace.answerWith(() => jsonAnswer(body));
      return workspace.act('submit', { as: 'alice', viewId: id, values: filled });
    };
    await submitAs(viewId, { response_action: 'update', view: view({ title: plain('Check') }) });
    expect((await workspace.stateOf('alice')).modal).toMatchObject({ id: viewId, modal: { title: { text: 'Check' } } });
    await submitAs(viewId, { response_action: 'push', view: view({ title: plain('Sure?') }) });
    const pushed = (await workspace.stateOf('alice')).modal;
    expect([pushed?.modal.title.text, pushed?.depth]).toEqual(['Sure?', 2]);
    await workspace.act('close', { as: 'alice', viewId: pushed?.id, all: false });
    expect(await openTitle(workspace)).toBe('Check');
    await submitAs(viewId, { response_action: 'clear' });
    expect(await openTitle(workspace)).toBeUndefined();
  });

  it('cannot be sent off by another person', async () => {
    await using workspace = await startWorkspace();
    const viewId = await openFor(workspace);
    expect((await workspace.act('submit', { as: 'bob', viewId, values: filled })).ok).toBe(false);
    expect((await workspace.stateOf('bob')).modal).toBeUndefined();
  });
});

describe('a closed modal', () => {
  it('is told to the app only where the view asks for it', async () => {
    await using workspace = await startWorkspace();
    const quiet = await openFor(workspace);
    await workspace.act('close', { as: 'alice', viewId: quiet, all: true });
    expect(lastOf(workspace.received).payload).toEqual({});
    const loud = await openFor(workspace, view({ notify_on_close: true }));
    await workspace.act('close', { as: 'alice', viewId: loud, all: true });
    expect(lastOf(workspace.received).payload).toMatchObject({
      type: 'view_closed',
      is_cleared: true,
      view: { id: loud },
    });
  });
});

describe('an element of a modal', () => {
  it('acts with the view and everything filled in so far, and its trigger may push', async () => {
    await using workspace = await startWorkspace();
    const button = {
      type: 'actions' as const,
      block_id: 'b',
      elements: [{ type: 'button' as const, action_id: 'more', text: plain('More') }],
    };
    const modal = view({ blocks: [...view().blocks, button] });
    const viewId = await openFor(workspace, modal);
    workspace.answerWith(async ({ payload }) => {
      await workspace.client.views.push({
        trigger_id: String(payload.trigger_id),
        view: view({ title: plain('More') }),
      });
      return {};
    });
    await workspace.act('click', { as: 'alice', viewId, blockId: 'b', actionId: 'more', values: filled });
    expect(lastOf(workspace.received).payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: viewId },
      view: { id: viewId, state: { values: { why: { text: { value: 'fixing INC-42' } } } } },
      actions: [{ action_id: 'more', block_id: 'b', type: 'button' }],
    });
    expect(await openTitle(workspace)).toBe('More');
  });
});
