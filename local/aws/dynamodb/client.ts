import { Agent, request } from 'node:http';
import { AwsError } from '../service.ts';
import { type Answer, openConnections, type Place } from './connection.ts';

type Json = Record<string, unknown>;

/** Calls one DynamoDB endpoint as one account. */
export type DynamoClient = {
  /** Rejects with the `AwsError` that the endpoint answered, or `InternalServerError` (500) when it did not answer. */
  call(action: string, input: Readonly<Json>): Promise<Json>;
  close(): void;
};

/**
 * The engine verifies no signature and still wants to see one. DynamoDB Local, which may stand in for it, keeps apart
 * the tables of different access key ids: so the account is the key id.
 */
const unsigned = (accountId: string): string =>
  `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new AwsError('InternalServerError', 'The embedded DynamoDB gave an answer that is not JSON.', 500);
  }
};

const errorOf = (status: number, body: Json): AwsError => {
  const { __type: type, message, Message: otherMessage, ...members } = body;
  const code =
    String(type ?? 'InternalServerError')
      .split('#')
      .at(-1) ?? '';
  return new AwsError(code, String(message ?? otherMessage ?? code), status, members);
};

/** An address of the network, or `unix:` and the path of a socket. */
const placeOf = (url: string): Place => {
  if (url.startsWith('unix:')) return { socketPath: url.slice('unix:'.length) };
  const { hostname, port } = new URL(url);
  return { hostname, port };
};

type Post = (headers: Readonly<Record<string, string>>, body: string) => Promise<Answer>;

/** To an engine that we started. */
const toEngine = (url: string): { post: Post; close: () => void } => {
  const { post, close } = openConnections(placeOf(url));
  const lines = (headers: Readonly<Record<string, string>>): string =>
    Object.entries(headers).reduce((head, [name, value]) => `${head}${name}: ${value}\r\n`, 'host: engine\r\n');
  return { post: (headers, body) => post(lines(headers), body), close };
};

/** To whatever server stands in for it. */
const toServer = (url: string): { post: Post; close: () => void } => {
  const agent = new Agent({ keepAlive: true });
  const post: Post = (headers, body) =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 500, text }));
        answer.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { post, close: () => agent.destroy() };
};

/** Of the engine that we started at this address, or of another server that stands in for it. */
export const createDynamoClient = (url: string, accountId: string, isStandIn = false): DynamoClient => {
  const { post, close } = isStandIn ? toServer(url) : toEngine(url);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20260101T000000Z',
    authorization: unsigned(accountId),
  };
  return {
    call: async (action, input) => {
      const { status, text } = await post(
        { ...headers, 'x-amz-target': `DynamoDB_20120810.${action}` },
        JSON.stringify(input),
      ).catch((error: unknown) => {
        throw new AwsError('InternalServerError', `The embedded DynamoDB did not answer: ${String(error)}`, 500);
      });
      const body = parsed(text);
      if (status !== 200) throw errorOf(status, body);
      return body;
    },
    close,
  };
};
