import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { build } from '#functions/api/handler.ts';
import { confirmLogin } from '#usecases/login/confirm-login.ts';
import type { ApiWorld } from './api-world.ts';

/** What stands for the command line that is served. */
export const cliText = '#!/usr/bin/env node\nconsole.log("é")\n';

export type Asked = {
  method?: string;
  path: string;
  token?: string;
  /** Sent as JSON, unless it is a text. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  base64?: boolean;
  /** Without the question mark. */
  query?: string;
};

export type Answered = { status: number; headers: Readonly<Record<string, string>>; body: unknown; text: string };

const form = 'application/x-www-form-urlencoded';
export const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

export const eventOf = ({
  method = 'GET',
  path,
  token,
  body,
  headers = {},
  base64 = false,
  query = '',
}: Asked): APIGatewayProxyEventV2 => {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: {
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(text !== undefined && { body: base64 ? Buffer.from(text).toString('base64') : text }),
    isBase64Encoded: base64,
    requestContext: {
      accountId: '111111111111',
      apiId: 'api',
      domainName: 'daypass.example.com',
      domainPrefix: 'daypass',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'test' },
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '22/Nov/2026:10:00:00 +0000',
      timeEpoch: 0,
    },
  };
};

const context: Context = {
  awsRequestId: 'request',
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'daypass-api',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111111111111:function:daypass-api',
  logGroupName: 'api',
  logStreamName: 'api',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 15_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** Calls the deployed handler as API Gateway does. */
export const caller = (world: Pick<ApiWorld, 'ports'>) => {
  const handler = build(world.ports, 'https://daypass.example.com', async () => cliText);
  return async (asked: Asked): Promise<Answered> => {
    const { statusCode = 0, headers = {}, body = '' } = await handler(eventOf(asked), context);
    const isJson = String(headers['content-type']).startsWith('application/json');
    return {
      status: statusCode,
      headers: headers as Record<string, string>,
      body: isJson ? JSON.parse(body) : body,
      text: body,
    };
  };
};

export type Call = ReturnType<typeof caller>;

export const authorize = async (call: Call): Promise<{ device_code: string; user_code: string }> => {
  const { body } = await call({
    method: 'POST',
    path: '/v1/device/authorize',
    body: 'client_id=test',
    headers: { 'content-type': form },
  });
  return body as { device_code: string; user_code: string };
};

export const poll = (call: Call, deviceCode: string): Promise<Answered> =>
  call({
    method: 'POST',
    path: '/v1/device/token',
    body: new URLSearchParams({ grant_type: grantType, device_code: deviceCode }).toString(),
    headers: { 'content-type': form },
  });

/** A token of this person, got as a program gets it. */
export const logIn = async (call: Call, world: Pick<ApiWorld, 'ports'>, personId: string): Promise<string> => {
  const { device_code, user_code } = await authorize(call);
  await confirmLogin({ userCode: user_code, personId }, world.ports);
  const { body } = await poll(call, device_code);
  return (body as { access_token: string }).access_token;
};
