import type { IncomingMessage } from 'node:http';
import { cut } from '#core/clip.ts';
import { AwsError } from './service.ts';
import type { SignableRequest } from './sigv4/canonical.ts';

/** A request as it came over the wire, read whole. */
export type RawRequest = SignableRequest & {
  body: Buffer;
  /** Lower-case names; the first value of each. */
  header: (name: string) => string;
  sourceIp: string;
  userAgent: string;
};

/** No operation that is served here takes more. */
export const largestBodyBytes = 1024 * 1024;
/** A sender that goes on past this is cut off instead of answered. */
const patienceBytes = 16 * largestBodyBytes;

/** Reads on past the limit without keeping it, so that the sender gets to read the refusal. */
const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((done, failed) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestBodyBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size <= patienceBytes) return;
      request.destroy();
      done();
    });
    request.once('end', done).once('error', failed);
    request.once('close', () => failed(new Error('The sender went away.')));
  });
  if (size > largestBodyBytes) {
    throw new AwsError(
      'RequestEntityTooLarge',
      `The body is larger than ${largestBodyBytes} bytes. Send less in one request.`,
      413,
    );
  }
  return Buffer.concat(chunks);
};

/** Header text as bytes on the wire are UTF-8, which Node reads as Latin-1. */
const utf8 = (text: string): string => (/[^ -~]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text);

/** Throws RequestEntityTooLarge, or Node's own error when the sender goes away. */
export const readRequest = async (request: IncomingMessage): Promise<RawRequest> => {
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const address = request.socket.remoteAddress ?? '';
  const header = (name: string): string => {
    const value = request.headers[name];
    return utf8(Array.isArray(value) ? (value[0] ?? '') : (value ?? ''));
  };
  return {
    method: request.method ?? 'GET',
    path: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? '' : url.slice(at + 1),
    rawHeaders: request.rawHeaders.map(utf8),
    header,
    sourceIp: address.replace(/^::ffff:/, ''),
    userAgent: cut(header('user-agent'), 1024),
    body: await readBody(request),
  };
};
