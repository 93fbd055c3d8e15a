import { describe, expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { lastOf, type Running, startWorkspace } from './running-workspace.ts';

const post = async (url: string, body: unknown): Promise<[number, string]> => {
  const res = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return [res.status, await res.text()];
};

const commandUrl = async (workspace: Running): Promise<string> => {
  await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
  return String(lastOf(workspace.received).form.get('response_url'));
};

const button = {
  type: 'actions' as const,
  block_id: 'b',
  elements: [{ type: 'button' as const, action_id: 'a', text: { type: 'plain_text' as const, text: 'Go' } }],
};

const press = async (workspace: Running, ts: unknown): Promise<string> => {
  await workspace.act('click', { as: 'alice', channel: 'C0ACCESS', ts, blockId: 'b', actionId: 'a' });
  return String(lastOf(workspace.received).payload.response_url);
};

const seen = async (workspace: Running, as: string): Promise<string[]> =>
  (await workspace.seenBy(as, 'C0ACCESS')).messages.map(({ text }) => text);

describe('a response_url', () => {
  it('takes five answers and no sixth', async () => {
    await using workspace = await startWorkspace();
    const url = await commandUrl(workspace);
    for (let use = 1; use <= 5; use++) expect(await post(url, { text: `answer ${use}` })).toEqual([200, 'ok']);
    expect(await post(url, { text: 'answer 6' })).toEqual([404, '{"ok":false,"error":"used_url"}']);
    expect(await seen(workspace, 'alice')).toHaveLength(5);
  });

  it('works for thirty minutes and not a moment longer', async () => {
    const clock = turnableClock();
    await using workspace = await startWorkspace({ clock });
    const url = await commandUrl(workspace);
    await clock.turn(30 * 60_000);
    expect(await post(url, { text: 'in time' })).toEqual([200, 'ok']);
    await clock.turn(1);
    expect(await post(url, { text: 'too late' })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
  });

  it('that was never given out says nothing of others', async () => {
    await using workspace = await startWorkspace();
    expect(await post(`${workspace.url}/workspace/respond/guess`, { text: 'x' })).toEqual([
      404,
      '{"ok":false,"error":"no_such_url"}',
    ]);
  });

  it('answers to the person alone, or to the channel', async () => {
    await using workspace = await startWorkspace();
    const url = await commandUrl(workspace);
    await post(url, { text: 'for you' });
    await post(url, { response_type: 'in_channel', text: 'for all' });
    expect(await seen(workspace, 'alice')).toEqual(['for you', 'for all']);
    expect(await seen(workspace, 'bob')).toEqual(['for all']);
  });

  it('replaces and deletes the message whose button was pressed', async () => {
    await using workspace = await startWorkspace();
    const { ts } = await workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'card', blocks: [button] });
    const url = await press(workspace, ts);
    await post(url, { replace_original: true, text: 'decided' });
    expect(await seen(workspace, 'bob')).toEqual(['decided']);
    await post(url, { delete_original: true });
    expect(await seen(workspace, 'bob')).toEqual([]);
  });

  it('replaces and deletes an ephemeral message, which no other call can', async () => {
    await using workspace = await startWorkspace();
    const sent = { channel: 'C0ACCESS', user: 'U0ALICE', text: 'only you', blocks: [button] };
    const { message_ts: ts } = await workspace.client.chat.postEphemeral(sent);
    const url = await press(workspace, ts);
    await post(url, { replace_original: true, text: 'still only you' });
    expect(await seen(workspace, 'alice')).toEqual(['still only you']);
    expect(await seen(workspace, 'bob')).toEqual([]);
    await post(url, { delete_original: true });
    expect(await seen(workspace, 'alice')).toEqual([]);
  });

  it('refuses what Slack refuses, and says why', async () => {
    await using workspace = await startWorkspace();
    const url = await commandUrl(workspace);
    expect(await post(url, {})).toEqual([400, '{"ok":false,"error":"no_text"}']);
    const [status, body] = await post(url, { blocks: [{ type: 'nope' }] });
    expect([status, JSON.parse(body).response_metadata.messages]).toEqual([
      400,
      ['[ERROR] unsupported type: nope [json-pointer:/blocks/0/type]'],
    ]);
  });
});
