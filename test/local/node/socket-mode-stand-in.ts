import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { acceptWebSocket, type Peer } from './web-socket.ts';

export const appToken = 'xapp-1-A0DAYPASS-1-e2e';

type Json = Record<string, unknown>;
/** What the app answered; `payload` is empty where it only acknowledged. */
export type Ack = { envelope_id: string; payload: Json };

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const json = (response: ServerResponse, value: Json): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/**
 * Slack's side of Socket Mode: apps.connections.open, then a WebSocket with hello, envelopes and disconnect, as
 * https://docs.slack.dev/apis/events-api/using-socket-mode has them. Every other method goes on to `webApiUrl`.
 */
export const startSocketModeStandIn = async ({ webApiUrl }: { webApiUrl?: string } = {}) => {
  const peers = new Set<Peer>();
  const acks: Ack[] = [];
  const waiting = new Map<string, (ack: Ack) => void>();
  const tickets = new Set<string>();
  let connections = 0;
  let count = 0;
  let refusing: string | undefined;
  let silent = false;

  const open = (request: IncomingMessage): Json => {
    if (refusing !== undefined) return { ok: false, error: refusing };
    if (request.headers.authorization !== `Bearer ${appToken}`) return { ok: false, error: 'invalid_auth' };
    const ticket = `ticket-${++count}`;
    tickets.add(ticket);
    return { ok: true, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link/?ticket=${ticket}` };
  };

  const server = createServer((request, response) => {
    const method = (request.url ?? '').split('/').at(-1)?.split('?')[0] ?? '';
    void bodyOf(request).then(async (body) => {
      if (method === 'apps.connections.open') return json(response, open(request));
      if (webApiUrl === undefined) return json(response, { ok: false, error: 'unknown_method' });
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const headers = { authorization, 'content-type': type };
      const answer = await fetch(`${webApiUrl}${method}`, { method: 'POST', headers, body: new Uint8Array(body) });
      return json(response, (await answer.json()) as Json);
    });
  });

  const heard = (text: string): void => {
    const ack = JSON.parse(text) as Ack;
    acks.push(ack);
    waiting.get(ack.envelope_id)?.(ack);
  };

  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) return void socket.destroy();
    const peer: Peer = acceptWebSocket(request, socket, { heard, gone: () => peers.delete(peer) });
    peers.add(peer);
    connections += 1;
    if (silent) return;
    peer.send(JSON.stringify({ type: 'hello', num_connections: peers.size, connection_info: { app_id: 'A0DAYPASS' } }));
  });

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  /** To the newest connection, as Slack picks one. Resolves with the acknowledgement. */
  const deliver = (type: string, payload: Json, envelopeId = `envelope-${++count}`): Promise<Ack> => {
    const peer = [...peers].at(-1);
    if (!peer) return Promise.reject(new Error('The app is not connected.'));
    const answered = new Promise<Ack>((resolve) => waiting.set(envelopeId, resolve));
    peer.send(JSON.stringify({ type, envelope_id: envelopeId, payload, accepts_response_payload: true }));
    return answered;
  };

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    acks,
    /** How many connections there were, and how many there are. */
    connections: () => connections,
    connected: () => peers.size,
    deliver,
    /** Slack renews a connection: it says so and expects the app to close it and open another. */
    renew: () => {
      for (const peer of peers) peer.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    },
    /** The network is gone. */
    drop: () => {
      for (const peer of peers) peer.drop();
    },
    /** From now on apps.connections.open answers this error; undefined: it works. */
    refuse: (error: string | undefined) => {
      refusing = error;
    },
    /** From now on a connection is opened and nothing is said on it. */
    silence: (on: boolean) => {
      silent = on;
    },
    stop: () =>
      new Promise<void>((closed) => {
        for (const peer of peers) peer.drop();
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};

export type SocketModeStandIn = Awaited<ReturnType<typeof startSocketModeStandIn>>;
