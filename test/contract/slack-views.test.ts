import type { KnownBlock, ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { errorOf, refusalOf } from '#test/local/workspace/refusal-of.ts';
import { lastOf, type Running, startWorkspace } from '#test/local/workspace/running-workspace.ts';

/** Modals by the official client against the embedded workspace, and every refusal by Slack's own name. */

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

const modal = (title: string, more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: title },
  blocks: [section('hi')],
  ...more,
});

/** A trigger of Alice's that has just been issued. */
const trigger = async (workspace: Running): Promise<string> => {
  await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
  return String(lastOf(workspace.received).form.get('trigger_id'));
};

describe('views', () => {
  it('open with a trigger once, within three seconds', async () => {
    const clock = turnableClock();
    await using workspace = await startWorkspace({ clock });
    const open = (trigger_id: string) => workspace.client.views.open({ trigger_id, view: modal('Ask') });
    const first = await trigger(workspace);
    expect((await open(first)).view).toMatchObject({
      type: 'modal',
      title: { text: 'Ask' },
      state: { values: {} },
      callback_id: '',
    });
    expect(await errorOf(open(first))).toBe('exchanged_trigger_id');
    const inTime = await trigger(workspace);
    await clock.turn(3000);
    expect(await errorOf(open(inTime))).toBe('none: it was accepted');
    const late = await trigger(workspace);
    await clock.turn(3001);
    expect(await errorOf(open(late))).toBe('expired_trigger_id');
    expect(await errorOf(open('1.2.abc'))).toBe('invalid_trigger_id');
    expect(await errorOf(open('no trigger'))).toBe('invalid_trigger_id');
  });

  it('that are wrong are refused with what is wrong, and the trigger still works', async () => {
    await using workspace = await startWorkspace();
    const trigger_id = await trigger(workspace);
    const open = (view: ModalView) => refusalOf(workspace.client.views.open({ trigger_id, view }));
    expect(await open(modal('x'.repeat(25)))).toEqual({
      error: 'invalid_arguments',
      messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
    });
    const large = Array.from({ length: 45 }, () => section('é'.repeat(3000)));
    expect((await open(modal('Ask', { blocks: large }))).error).toBe('view_too_large');
    expect((await open(modal('Ask'))).error).toBe('none: it was accepted');
  });

  it('change by id or external id; an old hash is a conflict, an unknown id is not found', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    const { view } = await client.views.open({
      trigger_id: await trigger(workspace),
      view: modal('Ask', { external_id: 'mine' }),
    });
    const [view_id = '', hash = ''] = [view?.id, view?.hash];
    expect(
      (await client.views.update({ view_id, hash, view: modal('Two', { external_id: 'mine' }) })).view?.title?.text,
    ).toBe('Two');
    expect(await errorOf(client.views.update({ view_id, hash, view: modal('Three') }))).toBe('hash_conflict');
    expect((await client.views.update({ external_id: 'mine', view: modal('Four') })).view?.id).toBe(view_id);
    expect(await errorOf(client.views.update({ view_id: 'V0NONE', view: modal('Five') }))).toBe('not_found');
  });

  it('with an external id that is taken are refused', async () => {
    await using workspace = await startWorkspace();
    const view = modal('Ask', { external_id: 'mine' });
    await workspace.client.views.open({ trigger_id: await trigger(workspace), view });
    expect(await errorOf(workspace.client.views.open({ trigger_id: await trigger(workspace), view }))).toBe(
      'duplicate_external_id',
    );
  });

  it('pile up to three, each from a trigger of the one below', async () => {
    await using workspace = await startWorkspace();
    const { client } = workspace;
    const button = { type: 'button' as const, action_id: 'a', text: { type: 'plain_text' as const, text: 'More' } };
    const view = modal('Ask', { blocks: [{ type: 'actions', block_id: 'b', elements: [button] }] });
    expect(await errorOf(client.views.push({ trigger_id: await trigger(workspace), view }))).toBe('not_found');
    await client.views.open({ trigger_id: await trigger(workspace), view });
    const pushed = async (): Promise<string> => {
      const viewId = (await workspace.stateOf('alice')).modal?.id;
      await workspace.act('click', { as: 'alice', viewId, blockId: 'b', actionId: 'a', values: {} });
      const trigger_id = String(lastOf(workspace.received).payload.trigger_id);
      return errorOf(client.views.push({ trigger_id, view }));
    };
    expect([await pushed(), await pushed(), await pushed()]).toEqual([
      'none: it was accepted',
      'none: it was accepted',
      'push_limit_reached',
    ]);
  });
});
