import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { botToken, lastOf, signingSecret, startWorkspace } from './running-workspace.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-workspace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): DatabaseSync => new DatabaseSync(join(folder, 'workspace.db'));

/** A process that posts one message, says so, and waits to be killed. */
const postsAndWaits = `
  import { DatabaseSync } from 'node:sqlite';
  const { startWorkspace } = await import(${JSON.stringify(new URL('./running-workspace.ts', import.meta.url).href)});
  const { client } = await startWorkspace({ db: new DatabaseSync(process.argv[1]) });
  const { ts } = await client.chat.postMessage({ channel: 'U0ALICE', text: 'answered ok' });
  process.stdout.write(ts);
`;

describe('after a restart', () => {
  it('messages, threads, direct messages and what was read are still there; ephemerals are not', async () => {
    const clock = turnableClock();
    const first = await startWorkspace({ db: open(), clock });
    const { ts } = await first.client.chat.postMessage({ channel: 'C0ACCESS', text: 'card' });
    await first.client.chat.postMessage({ channel: 'C0ACCESS', text: 'reply', thread_ts: String(ts) });
    await first.client.chat.postMessage({ channel: 'U0ALICE', text: 'direct' });
    await first.client.chat.postEphemeral({ channel: 'C0ACCESS', user: 'U0ALICE', text: 'whispered' });
    await first.act('read', { as: 'bob', channel: 'C0ACCESS', ts: '9999999999.000000' });
    await first.close();
    first.db.close();

    await using second = await startWorkspace({ db: open(), clock });
    const channel = await second.seenBy('alice', 'C0ACCESS');
    expect(channel.messages.map(({ text, replies }) => [text, replies.map((reply) => reply.text)])).toEqual([
      ['card', ['reply']],
    ]);
    expect((await second.seenBy('alice', 'D0ALICE')).messages.map(({ text }) => text)).toEqual(['direct']);
    expect((await second.seenBy('bob', 'C0ACCESS')).unread).toBe(false);
    const { channels } = await second.client.conversations.list({ types: 'im' });
    expect(channels?.map(({ id }) => id)).toEqual(['D0ALICE']);
    const { ts: next } = await second.client.chat.postMessage({ channel: 'C0ACCESS', text: 'later' });
    expect(String(next) > String(ts)).toBe(true);
    await second.client.chat.update({ channel: 'C0ACCESS', ts: String(ts), text: 'card, decided' });
  });

  it('of a version that had no broadcast replies, the messages are there and replies can be broadcast', async () => {
    const db = open();
    db.exec(`CREATE TABLE workspace_messages (
      conversation TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, author TEXT NOT NULL, text TEXT NOT NULL,
      blocks TEXT, metadata TEXT, edited_ts TEXT, PRIMARY KEY (conversation, ts)) STRICT`);
    db.exec(`INSERT INTO workspace_messages
      VALUES ('C0ACCESS', '1700000000.000001', NULL, 'U0DAYPASS', 'card', NULL, NULL, NULL)`);
    await using workspace = await startWorkspace({ db });
    const reply = { channel: 'C0ACCESS', text: 'for all', thread_ts: '1700000000.000001', reply_broadcast: true };
    await workspace.client.chat.postMessage(reply);
    const { messages } = await workspace.seenBy('alice', 'C0ACCESS');
    expect(messages.map(({ text }) => text)).toEqual(['card', 'for all']);
  });

  it('a message that was answered ok has survived a SIGKILL', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', postsAndWaits, join(folder, 'workspace.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [ts] = await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using workspace = await startWorkspace({ db: open() });
    expect((await workspace.seenBy('alice', 'D0ALICE')).messages).toMatchObject([
      { ts: String(ts), text: 'answered ok' },
    ]);
  });

  it('a response_url still works', async () => {
    const first = await startWorkspace({ db: open() });
    await first.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
    const path = new URL(String(lastOf(first.received).form.get('response_url'))).pathname;
    await first.close();
    await using second = await startWorkspace({ db: open() });
    const res = await fetch(`${second.url}${path}`, { method: 'POST', body: JSON.stringify({ text: 'late answer' }) });
    expect(res.status).toBe(200);
    expect((await second.seenBy('alice', 'C0ACCESS')).messages.map(({ text }) => text)).toEqual(['late answer']);
  });
});

it('no secret is in the stored files: no token, trigger, response_url or signing secret', async () => {
  const workspace = await startWorkspace({ db: open() });
  await workspace.act('say', { as: 'alice', channel: 'C0ACCESS', text: '/access' });
  await workspace.client.chat.postEphemeral({ channel: 'C0ACCESS', user: 'U0ALICE', text: 'whispered-to-alice' });
  const { form } = lastOf(workspace.received);
  await workspace.close();
  workspace.db.close();
  const stored = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
  const responseSecret = String(form.get('response_url')).split('/').at(-1);
  const secrets = [botToken, signingSecret, form.get('trigger_id'), responseSecret, 'whispered-to-alice'];
  expect(stored).toContain('workspace_messages');
  for (const secret of secrets) expect(stored).not.toContain(secret);
});
