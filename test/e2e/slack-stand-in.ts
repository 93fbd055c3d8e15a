import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Element = { type: string; action_id?: string; value?: string; text?: { text: string } };
export type Block = { type: string; block_id?: string; elements?: Element[]; [member: string]: unknown };
export type Message = { channel: string; ts: string; text: string; blocks: Block[]; threadTs?: string };
export type Ephemeral = { channel: string; user: string; text: string; blocks: Block[] };

const read = async (request: IncomingMessage): Promise<Record<string, string>> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return request.headers['content-type']?.startsWith('application/json')
    ? (JSON.parse(text) as Record<string, string>)
    : Object.fromEntries(new URLSearchParams(text));
};

const blocksOf = (value: unknown): Block[] =>
  typeof value === 'string' ? (JSON.parse(value) as Block[]) : ((value as Block[] | undefined) ?? []);

/** As little of Slack's Web API as an app can be tested with: it keeps what it is told. It knows nothing of Daypass. */
export const startSlackStandIn = async () => {
  const messages: Message[] = [];
  const ephemerals: Ephemeral[] = [];
  const views: Record<string, unknown>[] = [];
  /** What is special about somebody's account: `deleted`, for example. */
  const accounts = new Map<string, object>();
  /** How many calls of a method fail before one succeeds. */
  const failing = new Map<string, number>();
  /** Answers that are kept back, each a method's whose effect is there already. */
  let heldBack: { method: string; answers: (() => void)[] } | undefined;
  /** Each call that was answered, by its method. */
  const answered: string[] = [];
  let pacing: { everyMs: number; nowMs: () => number; nextAtMs: number } | undefined;
  let count = 0;

  /** Seconds to wait for the next post: https://docs.slack.dev/apis/web-api/rate-limits */
  const tooManyPosts = (method: string): number | undefined => {
    if (!pacing || method !== 'chat.postMessage') return undefined;
    const now = pacing.nowMs();
    if (now < pacing.nextAtMs) return Math.ceil((pacing.nextAtMs - now) / 1000);
    pacing.nextAtMs = now + pacing.everyMs;
    return undefined;
  };

  const answer = (method: string, args: Record<string, string>): Record<string, unknown> => {
    const { channel = '', text = '' } = args;
    switch (method) {
      case 'chat.postMessage': {
        const ts = `1700000000.${String(++count).padStart(6, '0')}`;
        const to = channel.startsWith('U') ? `D${channel.slice(1)}` : channel;
        messages.push({
          channel: to,
          ts,
          text,
          blocks: blocksOf(args.blocks),
          ...(args.thread_ts && { threadTs: args.thread_ts }),
        });
        return { ok: true, channel: to, ts, message: { ts, text } };
      }
      case 'chat.update': {
        const found = messages.find((message) => message.channel === channel && message.ts === args.ts);
        if (!found) return { ok: false, error: 'message_not_found' };
        Object.assign(found, { text, blocks: blocksOf(args.blocks) });
        return { ok: true, channel, ts: args.ts, text };
      }
      case 'chat.postEphemeral':
        ephemerals.push({ channel, user: args.user ?? '', text, blocks: blocksOf(args.blocks) });
        return { ok: true, message_ts: `1700000000.${String(++count).padStart(6, '0')}` };
      case 'views.open':
        views.push(typeof args.view === 'string' ? (JSON.parse(args.view) as Record<string, unknown>) : {});
        return { ok: true, view: { id: `V${++count}` } };
      case 'users.info': {
        const { user = '' } = args;
        return { ok: true, user: { id: user, deleted: false, is_restricted: false, ...accounts.get(user) } };
      }
      default:
        return { ok: false, error: 'unknown_method' };
    }
  };

  const server = createServer((request, response) => {
    void read(request).then((args) => {
      const method = (request.url ?? '').split('/').at(-1)?.split('?')[0] ?? '';
      const left = failing.get(method) ?? 0;
      if (left > 0) {
        failing.set(method, left - 1);
        response.writeHead(500).end();
        return;
      }
      const retryAfterSec = tooManyPosts(method);
      if (retryAfterSec !== undefined) {
        response.writeHead(429, { 'retry-after': String(retryAfterSec) }).end();
        return;
      }
      const text = JSON.stringify(answer(method, args));
      const send = () => {
        answered.push(method);
        response.writeHead(200, { 'content-type': 'application/json' }).end(text);
      };
      if (heldBack?.method === method || heldBack?.method === 'any') heldBack.answers.push(send);
      else send();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    messages,
    ephemerals,
    views,
    accounts,
    failing,
    answered,
    /** From now on it takes one post in so long, of all channels together, and refuses the others. */
    takeOnePostEvery: (everyMs: number, nowMs: () => number): void => {
      pacing = { everyMs, nowMs, nextAtMs: nowMs() };
    },
    /** From now on this method, or `any`, has its effect and no answer, until what is returned is called. */
    holdBack: (method: string): (() => void) => {
      heldBack = { method, answers: [] };
      return () => {
        for (const send of heldBack?.answers ?? []) send();
        heldBack = undefined;
      };
    },
    stop: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};

export type SlackStandIn = Awaited<ReturnType<typeof startSlackStandIn>>;
