import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { bodyBudgetBytes, createBodies } from '#local/bodies.ts';
import { turnableClock } from '#local/clock.ts';
import type { Directory } from '#local/workspace/directory.ts';
import { sign } from '#local/workspace/ingress.ts';
import type { Machinery } from '#local/workspace/machinery.ts';
import type { Command } from '#local/workspace/ui/act.ts';
import type { ConversationView, UiAnswer, WorkspaceState } from '#local/workspace/ui/contract.ts';
import { createWorkspace, type WorkspaceOptions } from '#local/workspace/workspace.ts';
import type { Clock } from '#ports/clock.ts';

export const directory: Directory = {
  team: { id: 'T0DAYPASS', name: 'Daypass Demo' },
  people: ['alice', 'bob', 'carol', 'dave'].map((handle) => ({
    id: `U0${handle.toUpperCase()}`,
    handle,
    name: `${handle[0]?.toUpperCase()}${handle.slice(1)}`,
    email: `${handle}@example.com`,
  })),
  channels: [
    { id: 'C0ACCESS', name: 'access' },
    { id: 'C0SECURITY', name: 'security-alerts' },
  ],
  bot: { id: 'U0DAYPASS', botId: 'B0DAYPASS', appId: 'A0DAYPASS', name: 'Daypass' },
};

export const botToken = 'xoxb-of-the-tests';
export const signingSecret = 'signing-secret-of-the-tests';

/** The client writes each refusal to the console, and refusals are what is tested. */
const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

const noMachinery: Machinery = { executions: async () => [], trail: async () => [], denies: async () => [] };

/** What the app under the workspace was sent: the form of a command, or a payload. */
export type Received = { form: URLSearchParams; payload: Record<string, unknown>; headers: IncomingMessage['headers'] };
export type AppAnswer = { status?: number; contentType?: string; body?: string } | 'never';

const listen = async (listener: RequestListener): Promise<{ server: Server; url: string }> => {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const stop = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

const bodyOf = async (req: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** A small app behind the workspace: refuses a wrong signature with 401 and answers as `answer` says. */
const startApp = async (clock: Clock, answer: { current: (received: Received) => AppAnswer | Promise<AppAnswer> }) => {
  const received: Received[] = [];
  const { server, url } = await listen(async (req, res) => {
    const body = await bodyOf(req);
    const timestamp = Number(req.headers['x-slack-request-timestamp']);
    const genuine = req.headers['x-slack-signature'] === sign(signingSecret, timestamp, body);
    if (!genuine || Math.abs(clock.nowMs() / 1000 - timestamp) > 300) {
      res.writeHead(401).end();
      return;
    }
    const form = new URLSearchParams(body);
    const isEvent = req.headers['content-type'] === 'application/json';
    const payload = JSON.parse(isEvent ? body : (form.get('payload') ?? '{}'));
    const one = { form, payload, headers: req.headers };
    received.push(one);
    const given = await answer.current(one);
    if (given === 'never') return;
    res.writeHead(given.status ?? 200, { 'content-type': given.contentType ?? 'application/json' });
    res.end(given.body ?? '');
  });
  return { server, url, received };
};

export type Running = Awaited<ReturnType<typeof startWorkspace>>;

/** The workspace and a small app, each on a port of its own. `await using` or `close()` ends both. */
export const startWorkspace = async (
  options: {
    db?: DatabaseSync;
    clock?: Clock;
    machinery?: Machinery;
    commands?: readonly Command[];
    directory?: Directory;
    patienceMs?: number;
  } = {},
) => {
  const clock = options.clock ?? turnableClock();
  const db = options.db ?? new DatabaseSync(':memory:');
  const answer = { current: (_: Received): AppAnswer | Promise<AppAnswer> => ({}) };
  const app = await startApp(clock, answer);
  const workspaceOptions: WorkspaceOptions = {
    db,
    clock,
    directory: options.directory ?? directory,
    signingSecret,
    botToken,
    ingressUrl: () => app.url,
    bodies: createBodies(bodyBudgetBytes),
    machinery: options.machinery ?? noMachinery,
    ...(options.commands ? { commands: options.commands } : {}),
    // A busy machine is no app that does not answer.
    patienceMs: options.patienceMs ?? 60_000,
  };
  const workspace = createWorkspace(workspaceOptions);
  const { server, url } = await listen(async (req, res) => {
    if (!(await workspace.handle(req, res))) res.writeHead(404).end('not the workspace');
  });
  const client = new WebClient(botToken, {
    slackApiUrl: workspace.apiUrl(url),
    retryConfig: { retries: 0 },
    logger: quiet,
  });

  const act = async (name: string, request: Record<string, unknown>): Promise<UiAnswer> => {
    const res = await fetch(`${url}/workspace/ui/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    return (await res.json()) as UiAnswer;
  };
  const stateOf = async (as: string): Promise<WorkspaceState> =>
    (await (await fetch(`${url}/workspace/ui/state?as=${as}`)).json()) as WorkspaceState;
  const seenBy = async (as: string, conversationId: string): Promise<ConversationView> => {
    const found = (await stateOf(as)).conversations.find(({ id }) => id === conversationId);
    if (!found) throw new Error(`${as} sees no conversation ${conversationId}`);
    return found;
  };
  const close = async (): Promise<void> => {
    workspace.close();
    await Promise.all([stop(server), stop(app.server)]);
  };
  return {
    url,
    client,
    clock,
    db,
    act,
    stateOf,
    seenBy,
    received: app.received,
    answerWith: (next: (received: Received) => AppAnswer | Promise<AppAnswer>): void => {
      answer.current = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
};

export const jsonAnswer = (body: unknown): AppAnswer => ({ body: JSON.stringify(body) });

/** The newest thing that was sent to the app. */
export const lastOf = (received: readonly Received[]): Received => {
  const last = received.at(-1);
  if (!last) throw new Error('the app was sent nothing');
  return last;
};
