import { connect, type Socket } from 'node:net';

export type Place = { socketPath: string } | { hostname: string; port: string };
export type Answer = { status: number; text: string };

/** Posts to one server over connections that are kept. */
export type Connections = {
  /** `head`: the header lines, each ended; `content-length` and the request line are put before them. */
  post(head: string, body: string): Promise<Answer>;
  close(): void;
};

const endOfHead = Buffer.from('\r\n\r\n');

/** The answer, once all of it is there. Throws where it does not say how long it is. */
const answerIn = (received: Buffer): Answer | undefined => {
  const at = received.indexOf(endOfHead);
  if (at < 0) return undefined;
  const head = received.toString('latin1', 0, at);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (status === undefined || length === undefined) throw new Error('The answer is not one of the engine.');
  const end = at + endOfHead.length + Number(length);
  if (received.length < end) return undefined;
  return { status: Number(status), text: received.toString('utf8', at + endOfHead.length, end) };
};

/**
 * HTTP/1.1 as far as the engine that we start ourselves speaks it, one request at a time on each connection. Every call
 * of the stack to its database goes through here, and Node's own client takes several times as long for each.
 */
export const openConnections = (place: Place): Connections => {
  const idle: Socket[] = [];
  const open = new Set<Socket>();

  const opened = (): Socket => {
    const socket =
      'socketPath' in place ? connect(place.socketPath) : connect({ host: place.hostname, port: Number(place.port) });
    socket.setNoDelay(true);
    open.add(socket);
    // One that fails or is closed while nobody waits on it is not used again.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      const at = idle.indexOf(socket);
      if (at >= 0) idle.splice(at, 1);
    });
    return socket;
  };

  return {
    post: (head, body) =>
      new Promise((resolve, reject) => {
        const socket = idle.pop() ?? opened();
        let received: Buffer | undefined;
        const done = (): void => {
          socket.off('data', onData).off('error', onError).off('close', onClose);
        };
        const fail = (error: Error): void => {
          done();
          socket.destroy();
          reject(error);
        };
        const onError = (error: Error): void => fail(error);
        const onClose = (): void => fail(new Error('The connection was closed.'));
        const onData = (part: Buffer): void => {
          received = received === undefined ? part : Buffer.concat([received, part]);
          try {
            const answer = answerIn(received);
            if (!answer) return;
            done();
            idle.push(socket);
            resolve(answer);
          } catch (error) {
            fail(error instanceof Error ? error : new Error(String(error)));
          }
        };
        socket.on('data', onData).on('error', onError).on('close', onClose);
        socket.write(`POST / HTTP/1.1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${head}\r\n${body}`);
      }),
    close: () => {
      for (const socket of open) socket.destroy();
    },
  };
};
