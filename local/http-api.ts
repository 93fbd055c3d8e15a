import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { toIso } from '#core/instant.ts';
import type { FunctionConfig } from '#functions/config.ts';
import type { Clock } from '#ports/clock.ts';
import { type Bodies, BodyRefused } from './bodies.ts';
import { sourceAddress } from './source-address.ts';
import { hubAccountId } from './world.ts';

type Route = { method: string; path: string; functionName: string; bodyMaxBytes: number };
type Match = { route: Route; pathParameters: Record<string, string> };

const routesOf = (functions: readonly FunctionConfig[]): Route[] =>
  functions.flatMap(({ name, trigger }) =>
    trigger.kind === 'http'
      ? trigger.routes.map((route) => {
          const [method = '', path = ''] = route.split(' ');
          return { method, path, functionName: name, bodyMaxBytes: trigger.bodyMaxBytes };
        })
      : [],
  );

const parametersOf = (pattern: string, path: string): Record<string, string> | undefined => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined && value !== '') parameters[name] = value;
    else if (segment !== value) return undefined;
  }
  return parameters;
};

/** Text stays text, everything else (forms too) arrives as base64, as with a real HTTP API. */
const isText = (contentType: string): boolean => /^(text\/|application\/(json|javascript|xml))/.test(contentType);

const headersOf = (request: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return headers;
};

const eventOf = (
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  match: Match | undefined,
  sourceIp: string,
  nowMs: number,
): APIGatewayProxyEventV2 => {
  const headers = headersOf(request);
  const method = request.method ?? 'GET';
  const text = isText(headers['content-type'] ?? '');
  const routeKey = match ? `${match.route.method} ${match.route.path}` : '$default';
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search && { queryStringParameters: Object.fromEntries(url.searchParams) }),
    ...(match && Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
    requestContext: {
      accountId: hubAccountId,
      apiId: 'daypass',
      domainName: url.host,
      domainPrefix: url.hostname,
      http: {
        method,
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: toIso(nowMs),
      timeEpoch: nowMs,
    },
  };
};

const send = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void => {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
};

const refuse = (response: ServerResponse, status: number, message: string, next: string): void =>
  send(
    response,
    status,
    { 'content-type': 'application/json; charset=utf-8' },
    JSON.stringify({ error: { code: 'http', message, next } }),
  );

/**
 * The HTTP API in front of the functions: one request becomes one event of payload version 2.0, and its answer a
 * response.
 */
export const createHttpApi = (deps: {
  functions: readonly FunctionConfig[];
  clock: Clock;
  bodies: Bodies;
  invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** What answers a path that no function has. */
  fallback: string;
  /** What stands in front of this process. */
  behind: { trustedProxies?: number | undefined; publicUrl?: string | undefined };
  fault: (error: unknown) => void;
}) => {
  const routes = routesOf(deps.functions);

  const find = (method: string, path: string): Match | undefined => {
    for (const route of routes) {
      const pathParameters = route.method === method ? parametersOf(route.path, path) : undefined;
      if (pathParameters) return { route, pathParameters };
    }
    return undefined;
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = [request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`] as const;
    if (!URL.canParse(...address)) {
      refuse(response, 400, 'The address of this request is none.', 'Check the path.');
      return;
    }
    const url = new URL(...address);
    const match = find(request.method ?? 'GET', url.pathname);
    try {
      const body = match ? await deps.bodies.read(request, match.route.bodyMaxBytes) : Buffer.alloc(0);
      const event = eventOf(request, url, body, match, sourceAddress(request, deps.behind), deps.clock.nowMs());
      const answer = (await deps.invoke(
        match?.route.functionName ?? deps.fallback,
        event,
      )) as APIGatewayProxyStructuredResultV2;
      const headers = Object.fromEntries(
        Object.entries(answer.headers ?? {}).map(([name, value]) => [name, String(value)]),
      );
      const text = answer.body ?? '';
      send(response, answer.statusCode ?? 200, headers, answer.isBase64Encoded ? Buffer.from(text, 'base64') : text);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      if (error instanceof BodyRefused) {
        if (!request.complete) response.setHeader('connection', 'close');
        refuse(response, error.status, error.message, error.status === 413 ? 'Send less.' : 'Send it again.');
        return;
      }
      deps.fault(error);
      refuse(response, 502, 'The function behind this address failed.', 'Try again; the log says why.');
    }
  };
};
