import type { ReceiverEvent } from '@slack/bolt';
import { expect, it } from 'vitest';
import type { Reply, ReplyStore } from '#ports/reply-store.ts';
import type { SignedMark } from '#slack/ingress/guard.ts';
import { socketGuard } from '#slack/ingress/socket-guard.ts';
import { derivedUlid } from '#slack/listeners/derived-id.ts';

const nowMs = 1_795_341_600_000;
const never = (): Promise<never> => new Promise(() => undefined);
const lines: string[] = [];
const line = (message: string, facts?: object): void => void lines.push(JSON.stringify({ message, facts }));
const log = { info: line, warn: line, error: line };

/** A reply store whose claims are always free, as after a handler that died. */
const forgetful = (): ReplyStore & { kept: Reply[] } => {
  const kept: Reply[] = [];
  return { kept, claim: async () => ({ state: 'mine' }), keep: async (_, reply) => void kept.push(reply) };
};

const guarding = (replies: ReplyStore, pause: (ms: number) => Promise<void> = never) => {
  const seen = new Map<string, number>();
  let now = nowMs;
  const guard = socketGuard({
    replies,
    clock: { nowMs: () => now },
    log,
    pause,
    firstSeenMs: (key, atMs) => {
      seen.set(key, seen.get(key) ?? atMs);
      return seen.get(key) ?? 0;
    },
  });
  const acks: unknown[] = [];
  const handle = async (
    body: Record<string, unknown>,
    run: (event: ReceiverEvent) => Promise<void>,
    envelope = { envelopeId: 'one', kind: 'slash_commands' },
  ): Promise<void> => {
    const ack = async (answer?: unknown): Promise<void> => void acks.push(answer);
    await guard({ body, ack }, envelope, run);
  };
  const later = (ms: number): void => {
    now += ms;
  };
  return { handle, acks, later };
};

const command = { command: '/access', text: 'list', trigger_id: 't1' };
const submission = { type: 'view_submission', trigger_id: 't2' };
const click = { type: 'block_actions', trigger_id: 't3' };
const interactive = { envelopeId: 'one', kind: 'interactive' };

const markOf = (event: ReceiverEvent): SignedMark => event.customProperties?.signed as SignedMark;
const idOf = (event: ReceiverEvent): string => {
  const { signedAtMs, seed } = markOf(event);
  return derivedUlid(signedAtMs, seed);
};

it('gives the same payload the same ids, also a minute later in another envelope, and another one others', async () => {
  const { handle, later } = guarding(forgetful());
  const ids: string[] = [];
  const note = async (event: ReceiverEvent): Promise<void> => void ids.push(idOf(event));
  await handle(command, note);
  later(60_000);
  await handle(command, note, { envelopeId: 'two', kind: 'slash_commands' });
  await handle({ ...command, trigger_id: 't9' }, note);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

it('keeps the answer before it is sent, and sends it once', async () => {
  const replies = forgetful();
  const { handle, acks } = guarding(replies);
  await handle(command, async ({ ack }) => {
    await ack({ text: 'first' });
    await ack({ text: 'second' });
  });
  expect(acks).toEqual([{ text: 'first' }]);
  expect(replies.kept[0]).toEqual({ status: 200, contentType: 'application/json', body: '{"text":"first"}' });
});

it('sends an empty acknowledgement as one', async () => {
  const { handle, acks } = guarding(forgetful());
  await handle(click, async ({ ack }) => ack(), interactive);
  expect(acks).toEqual([undefined]);
});

it('says that it is at it when the time is up, and nothing more when the work is done', async () => {
  const { handle, acks } = guarding(forgetful(), async () => undefined);
  await handle(command, async ({ ack }) => {
    await new Promise((turn) => setImmediate(turn));
    await ack({ text: 'late' });
  });
  expect(acks).toHaveLength(1);
  expect(JSON.stringify(acks)).toContain('already at this');
});

it('apologises in the way each kind of payload can show, when the work failed', async () => {
  const failing = (): Promise<void> => Promise.reject(new Error('secret detail'));
  const { handle, acks } = guarding(forgetful());
  await handle(command, failing);
  await handle(submission, failing, interactive);
  expect(acks).toMatchObject([{ response_type: 'ephemeral' }, { response_action: 'errors' }]);
  // A click that is not acknowledged is marked by Slack, which is all that can be shown.
  await handle(click, failing, interactive);
  expect(acks).toHaveLength(2);
  expect(lines.join()).not.toContain('secret detail');
});

it('is done when the answer could neither be kept nor sent: nobody else must suffer for it', async () => {
  const replies: ReplyStore = { ...forgetful(), keep: () => Promise.reject(new Error('gone')) };
  const guard = socketGuard({ replies, clock: { nowMs: () => nowMs }, log, pause: never, firstSeenMs: () => nowMs });
  const ack = (): Promise<void> => Promise.reject(new Error('the socket is closed'));
  lines.length = 0;
  let done = 0;
  const run = async (event: ReceiverEvent): Promise<void> => {
    await event.ack('x');
    done += 1;
  };
  await expect(
    guard({ body: command, ack }, { envelopeId: 'one', kind: 'slash_commands' }, run),
  ).resolves.toBeUndefined();
  expect(done).toBe(1);
  expect(lines).toEqual([
    expect.stringContaining('could not be kept'),
    expect.stringContaining('could not be sent to Slack'),
  ]);
});

it('gives the kept answer and does nothing again', async () => {
  const reply: Reply = { status: 200, contentType: 'application/json', body: '{"text":"kept"}' };
  const { handle, acks } = guarding({ ...forgetful(), claim: async () => ({ state: 'answered', reply }) });
  await handle(command, () => Promise.reject(new Error('must not be reached')));
  expect(acks).toEqual([{ text: 'kept' }]);
});

it('waits for somebody else’s answer, and says so when it does not come', async () => {
  const states = [{ state: 'busy' }, { state: 'busy' }] as const;
  let call = 0;
  const reply: Reply = { status: 200, contentType: 'text/plain', body: '' };
  const claim: ReplyStore['claim'] = async () => states[call++] ?? { state: 'answered', reply };
  const soon = guarding({ ...forgetful(), claim }, (ms) => (ms < 1_000 ? Promise.resolve() : never()));
  await soon.handle(click, () => Promise.reject(new Error('must not be reached')), interactive);
  expect(soon.acks).toEqual([undefined]);
  expect(call).toBe(3);

  const waited: number[] = [];
  const busy = guarding({ ...forgetful(), claim: async () => ({ state: 'busy' }) }, (ms) => {
    if (ms >= 1_000) return never();
    waited.push(ms);
    busy.later(ms);
    return Promise.resolve();
  });
  await busy.handle(command, () => Promise.reject(new Error('must not be reached')));
  expect(JSON.stringify(busy.acks)).toContain('already at this');
  expect(waited.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(3_000);
});

it('acknowledges an event only once it was handled, so that Slack sends one again that was not', async () => {
  const { handle, acks } = guarding(forgetful(), async () => {});
  const change = { type: 'event_callback', event_id: 'Ev1' };
  const failing = async ({ ack }: ReceiverEvent): Promise<void> => {
    await ack();
    throw new Error('out of reach');
  };
  await handle(change, failing, { envelopeId: 'one', kind: 'events_api' });
  expect(acks).toEqual([]);
  await handle(change, async ({ ack }) => ack(), { envelopeId: 'two', kind: 'events_api' });
  expect(acks).toEqual([undefined]);
});
