import type { ServerResponse } from 'node:http';
import type { AwsError } from './service.ts';
import { jsonAnswer, jsonError } from './wire/json.ts';
import { xmlAnswer, xmlError } from './wire/xml.ts';

export type Answer = { status: number; headers: Record<string, string>; body: string };

/** What an answer needs to know of its request, as far as that could be read. */
export type Asked = {
  service: string;
  action: string;
  /** Query answers in XML, JSON in JSON; known before the request is believed. */
  isQuery: boolean;
  contentType: string;
  requestId: string;
};

const jsonType = (asked: Asked): string =>
  /^application\/x-amz-json-1\.[01]$/.test(asked.contentType) ? asked.contentType : 'application/x-amz-json-1.0';

export const success = (asked: Asked, output: Readonly<Record<string, unknown>>): Answer =>
  asked.isQuery
    ? {
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body: xmlAnswer(asked.service, asked.action, output, asked.requestId),
      }
    : {
        status: 200,
        headers: { 'content-type': jsonType(asked) },
        // The engine's own answer is in the words of the wire already.
        body: asked.service === 'dynamodb' ? JSON.stringify(output) : jsonAnswer(output),
      };

export const failure = (asked: Asked, error: AwsError): Answer =>
  asked.isQuery
    ? {
        status: error.httpStatus,
        headers: { 'content-type': 'text/xml' },
        body: xmlError(asked.service, error, asked.requestId),
      }
    : {
        status: error.httpStatus,
        headers: { 'content-type': jsonType(asked), 'x-amzn-errortype': error.code },
        body: jsonError(asked.service, error),
      };

export const send = (response: ServerResponse, answer: Answer, requestId: string, keepAlive: boolean): void => {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    'x-amzn-requestid': requestId,
    ...(keepAlive ? {} : { connection: 'close' }),
  });
  response.end(answer.body);
};

const secretMembers = new Set(['SecretAccessKey', 'SessionToken']);

/** A credential goes over the wire to its owner and nowhere else: what is recorded of an answer has none. */
export const withoutSecrets = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !secretMembers.has(name))
      .map(([name, inner]: [string, unknown]) => [name, isPlain(inner) ? withoutSecrets(inner) : inner]),
  );

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
