import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '#ports/clock.ts';
import { bodyBudgetBytes, createBodies } from '../bodies.ts';
import { systemClock } from '../clock.ts';
import { isForeignHost } from '../foreign-host.ts';
import { type Asked, failure, send, success, withoutSecrets } from './endpoint-answer.ts';
import { readOperation } from './endpoint-operation.ts';
import { type RawRequest, readRequest } from './endpoint-request.ts';
import { type AwsCall, AwsError, type AwsService, type CompletedCall, type Need } from './service.ts';
import { isQueryService, serviceOf } from './sigv4/authorization.ts';
import { type KeyHolder, verify } from './sigv4/verify.ts';

/** What the endpoint asks IAM. */
export type Gatekeeper = {
  /** Who holds this access key; `undefined` when nobody does. */
  find(accessKeyId: string): KeyHolder | undefined;
  /** Throws the access-denied error of the call's service unless every need is allowed. */
  authorize(call: AwsCall, needs: readonly Need[]): void;
};

export type EndpointOptions = {
  /** By the service name of the SigV4 scope. */
  services: Readonly<Record<string, AwsService>>;
  iam: Gatekeeper;
  /** The stack's time: it stamps calls and ends sessions. */
  clock: Clock;
  /** The time that clients sign with: by default the machine's, whatever a test does to the stack's. */
  wallClock?: Clock;
  /**
   * Hears of every call of a known caller, refused ones too, before the answer is sent. Outputs come without secret
   * access keys and session tokens.
   */
  completed: (call: CompletedCall) => void;
  /** Hears of errors that are ours; the client sees only InternalFailure. By default they go to stderr. */
  fault?: (error: unknown, call?: AwsCall) => void;
};

export type Endpoint = {
  /** Resolves with the port (0 asks for any free one). */
  listen(port: number, host?: string): Promise<number>;
  /** Answers what is under way, then closes every connection. */
  close(): Promise<void>;
};

const toStderr = (error: unknown, call?: AwsCall): void => {
  const where = call ? `${call.service}:${call.action}` : 'a request';
  process.stderr.write(
    `The AWS endpoint failed on ${where}: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
};

const foreignHost = (): AwsError =>
  new AwsError('AccessDenied', 'The embedded AWS answers under 127.0.0.1, localhost and [::1] only.', 403);

/** One port for every service: the SigV4 scope of a request says which one it is for. */
export const createEndpoint = (options: EndpointOptions): Endpoint => {
  const { services, iam, clock, completed, wallClock = systemClock(), fault = toStderr } = options;
  const bodies = createBodies(bodyBudgetBytes);
  let closing = false;

  const report = (call: CompletedCall): void => {
    try {
      completed(call);
    } catch (error) {
      fault(error, call);
    }
  };

  const asAwsError = (error: unknown, call?: AwsCall): AwsError => {
    if (error instanceof AwsError) return error;
    fault(error, call);
    return new AwsError(
      'InternalFailure',
      'The embedded stack failed on this request; its log says why. Try again.',
      500,
    );
  };

  const perform = async (service: AwsService, call: AwsCall): Promise<Record<string, unknown>> => {
    try {
      iam.authorize(call, service.needs(call));
      const output = await service.handle(call);
      report({ ...call, output: withoutSecrets(output) });
      return output;
    } catch (thrown) {
      const error = asAwsError(thrown, call);
      report({ ...call, error: { code: error.code, message: error.message } });
      throw error;
    }
  };

  const respond = async (request: RawRequest, asked: Asked): Promise<Record<string, unknown>> => {
    const service = Object.hasOwn(services, asked.service) ? services[asked.service] : undefined;
    if (!service && asked.service !== '') {
      const known = Object.keys(services).sort().join(', ');
      throw new AwsError(
        'UnknownOperationException',
        `The service ${asked.service} is not part of the embedded stack, which has: ${known}.`,
        400,
      );
    }
    const signed = verify(request, request.body, asked.isQuery, {
      find: iam.find,
      wallNowMs: wallClock.nowMs(),
      stackNowMs: clock.nowMs(),
    });
    const { action, input } = readOperation(asked.service, request);
    asked.action = action;
    const { caller, region } = signed;
    const { requestId } = asked;
    const { sourceIp, userAgent } = request;
    if (!service) throw new AwsError('UnknownOperationException', 'The signature names no service.', 400);
    return perform(service, {
      service: asked.service,
      region,
      action,
      input,
      caller,
      sourceIp,
      userAgent,
      requestId,
      atMs: clock.nowMs(),
    });
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked: Asked = {
      service: '',
      action: '',
      isQuery: incoming.headers['x-amz-target'] === undefined,
      contentType: incoming.headers['content-type'] ?? '',
      requestId: randomUUID(),
    };
    try {
      if (isForeignHost(incoming)) throw foreignHost();
      const request = await readRequest(incoming, bodies);
      asked.service = serviceOf(request) ?? '';
      if (asked.service !== '') asked.isQuery = isQueryService(asked.service);
      send(response, success(asked, await respond(request, asked)), asked.requestId, !closing);
    } catch (error) {
      if (incoming.destroyed && !incoming.complete) return;
      send(response, failure(asked, asAwsError(error)), asked.requestId, !closing && incoming.complete);
    }
  };

  const server = createServer((incoming, response) => void serve(incoming, response));
  // Longer than clients keep a connection that they do not use, so that none is closed under a request.
  server.keepAliveTimeout = 65_000;
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });

  return {
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      }),
    close: () =>
      new Promise((resolve, reject) => {
        closing = true;
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeIdleConnections();
      }),
  };
};
