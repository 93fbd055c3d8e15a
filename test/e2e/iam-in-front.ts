import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IAMClient } from '@aws-sdk/client-iam';

/**
 * Errors of IAM with the statuses of its API reference: docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
const errors = {
  throttled: [400, 'Throttling', 'Rate exceeded'],
  denied: [403, 'AccessDenied', 'User is not authorized to perform: iam:PutRolePolicy'],
  full: [409, 'LimitExceeded', 'Maximum policy size of 10240 bytes exceeded'],
  gone: [404, 'NoSuchEntity', 'The role cannot be found.'],
  failing: [500, 'ServiceFailure', 'The request processing has failed because of an unknown error.'],
} as const;

/** `cut`: it does what it was asked for, and the connection ends before it has said so. */
export type Fault = keyof typeof errors | 'cut';

const errorXml = (status: number, code: string, message: string): string =>
  `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
  `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>6f1b2c7e-0000-4000-8000-000000000000</RequestId></ErrorResponse>\n`;

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) if (Buffer.isBuffer(piece)) pieces.push(piece);
  return Buffer.concat(pieces);
};

/** Where requests for one address go instead, by port. */
const detours = new Map<number, number>();
const led = new WeakSet<IAMClient>();

/**
 * Every IAM client of this process goes through the server in front where there is one, its requests signed for the
 * address that it knows. What it takes an answer for, how often it asks and how long it waits stays its own.
 */
const lead = (client: IAMClient): void => {
  if (led.has(client)) return;
  led.add(client);
  client.middlewareStack.add(
    (next) => async (args) => {
      const sent = args.request as { port?: number };
      const port = detours.get(sent.port ?? 0);
      if (port !== undefined) sent.port = port;
      return next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'detour' },
  );
};
const { send } = IAMClient.prototype;
Object.defineProperty(IAMClient.prototype, 'send', {
  value: function (this: IAMClient, ...sent: never[]): unknown {
    lead(this);
    return Reflect.apply(send, this, sent);
  },
});

/**
 * IAM as it is on a bad day: a server before the one at `awsUrl`, which answers writes of inline role policies itself.
 */
export const startFrontOfIam = async (awsUrl: string) => {
  const faults: Fault[] = [];
  const counted = { writes: 0 };

  const pass = (incoming: IncomingMessage, body: Buffer): Promise<{ answer: IncomingMessage; text: Buffer }> =>
    new Promise((resolve, reject) => {
      const { port, hostname } = new URL(awsUrl);
      const { method, url, rawHeaders } = incoming;
      const onward = request({ hostname, port, method, path: url, headers: rawHeaders, setHost: false }, (answer) =>
        bodyOf(answer).then((text) => resolve({ answer, text }), reject),
      );
      onward.on('error', reject).end(body);
    });

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const writes = new URLSearchParams(body.toString()).get('Action') === 'PutRolePolicy';
    if (writes) counted.writes++;
    const fault = writes ? faults.shift() : undefined;
    if (fault !== undefined && fault !== 'cut') {
      const [status, code, message] = errors[fault];
      response.writeHead(status, { 'content-type': 'text/xml' }).end(errorXml(status, code, message));
      return;
    }
    const { answer, text } = await pass(incoming, body);
    if (fault === 'cut') incoming.socket.destroy();
    else response.writeHead(answer.statusCode ?? 500, answer.rawHeaders).end(text);
  };

  const server: Server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const from = Number(new URL(awsUrl).port);
  detours.set(from, (server.address() as AddressInfo).port);
  return {
    /** What the next writes are answered with, one after the other; the others come through. */
    faults,
    /** Every write that came over the wire, those that a client repeated by itself too. */
    counted,
    stop: async (): Promise<void> => {
      detours.delete(from);
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
