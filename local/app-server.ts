import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { isForeignHost, namesOf } from './foreign-host.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A request is sent whole within this, or its connection is closed. */
const patienceMs = 30_000;

const refuseHost = (response: ServerResponse, host: string | undefined): void => {
  const message = `Daypass is not reached under the name ${(host ?? 'that was given').slice(0, 200)}.`;
  const next = 'Use the address that it printed, or start it with --url and the address under which people reach it.';
  response.writeHead(403, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
  response.end(JSON.stringify({ error: { code: 'foreign-host', message, next } }));
};

/**
 * The app's port, for requests that name this machine or the public address. It listens before what answers is there,
 * because its address is needed to build that.
 */
export const openAppServer = async (options: {
  port: number;
  publicUrl: string | undefined;
  fault: (error: unknown) => void;
}) => {
  const { port, publicUrl, fault } = options;
  const ours = namesOf(publicUrl);
  let answer: Answer = async (_, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end('Daypass is starting. Try again in a moment.\n');
  };
  const server = createServer({ requestTimeout: patienceMs }, (request, response) => {
    if (isForeignHost(request, ours)) {
      refuseHost(response, request.headers.host);
      return;
    }
    answer(request, response).catch((error: unknown) => {
      // Nobody is left to answer, and nothing of ours failed.
      if (request.destroyed && !request.complete) return;
      fault(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on this answers. */
    answerWith: (given: Answer): void => {
      answer = given;
    },
    close: (): Promise<void> =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};
