import { Agent, request } from 'node:http';
import { AwsError } from '../service.ts';

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
const placeOf = (url: string): { socketPath: string } | { protocol: string; hostname: string; port: string } => {
  if (url.startsWith('unix:')) return { socketPath: url.slice('unix:'.length) };
  const { protocol, hostname, port } = new URL(url);
  return { protocol, hostname, port };
};

export const createDynamoClient = (url: string, accountId: string): DynamoClient => {
  const agent = new Agent({ keepAlive: true });
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20260101T000000Z',
    authorization: unsigned(accountId),
  };
  const post = (action: string, body: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const target = { 'x-amz-target': `DynamoDB_20120810.${action}`, 'content-length': Buffer.byteLength(body) };
      const sent = request({ ...placeOf(url), method: 'POST', agent, headers: { ...headers, ...target } }, (answer) => {
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
  return {
    call: async (action, input) => {
      const { status, text } = await post(action, JSON.stringify(input)).catch((error: unknown) => {
        throw new AwsError('InternalServerError', `The embedded DynamoDB did not answer: ${String(error)}`, 500);
      });
      const body = parsed(text);
      if (status !== 200) throw errorOf(status, body);
      return body;
    },
    close: () => agent.destroy(),
  };
};
