import type { IncomingMessage } from 'node:http';
import { cut } from '#core/clip.ts';
import { type Bodies, BodyRefused } from '../bodies.ts';
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
const largestBodyBytes = 1024 * 1024;

const readBody = async (request: IncomingMessage, bodies: Bodies): Promise<Buffer> => {
  try {
    return await bodies.read(request, largestBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error;
    throw new AwsError(
      error.status === 413 ? 'RequestEntityTooLarge' : 'ServiceUnavailable',
      error.message,
      error.status,
    );
  }
};

/** Header text as bytes on the wire are UTF-8, which Node reads as Latin-1. */
const utf8 = (text: string): string => (/[^ -~]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text);

/**
 * Throws RequestEntityTooLarge, ServiceUnavailable where too much is sent at once, or Node's own error when the sender
 * goes away.
 */
export const readRequest = async (request: IncomingMessage, bodies: Bodies): Promise<RawRequest> => {
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
    body: await readBody(request, bodies),
  };
};
