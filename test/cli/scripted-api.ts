import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { method: string; path: string; headers: IncomingMessage['headers']; body: unknown };
export type Reply = { status?: number; body?: unknown; text?: string; headers?: Record<string, string> };
export type Script = Record<string, Reply | ((call: Received) => Reply | Promise<Reply>)>;

export type ScriptedApi = {
  url: string;
  /** Every call so far, oldest first. */
  received: Received[];
  /** What each `METHOD /path` answers from now on. */
  script: Script;
  stop(): Promise<void>;
};

/** An HTTP server that answers as it was told. What it was not told of is 404 in the words of the API. */
export const startScriptedApi = async (): Promise<ScriptedApi> => {
  const api: ScriptedApi = { url: '', received: [], script: {}, stop: async () => undefined };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    const { method = '', url = '', headers } = request;
    const call: Received = { method, path: url, headers, body: text === '' ? undefined : JSON.parse(text) };
    api.received.push(call);
    const scripted = api.script[`${method} ${url}`];
    const notThere: Reply = {
      status: 404,
      body: { error: { code: 'not-found', message: 'There is no request that you can see.', next: 'Look.' } },
    };
    const reply = typeof scripted === 'function' ? await scripted(call) : (scripted ?? notThere);
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.text ?? JSON.stringify(reply.body ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api.stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return api;
};
