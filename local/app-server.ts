import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The app's port. It listens before what answers is there, because its address is needed to build that. */
export const openAppServer = async (port: number, fault: (error: unknown) => void) => {
  let answer: Answer = async (_, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end('Daypass is starting. Try again in a moment.\n');
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
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
