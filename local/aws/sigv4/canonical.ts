import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { remembered } from '../remembered.ts';

/**
 * Signature Version 4: what is signed and how the key is made.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

export type SignableRequest = {
  method: string;
  /** As it stood on the request line. */
  path: string;
  /** Without the `?`, as it stood on the request line. */
  query: string;
  /** Names and values in the order received, as `IncomingMessage.rawHeaders` has them. */
  rawHeaders: readonly string[];
};

export type Scope = { date: string; region: string; service: string };

export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

const hmac = (key: string | Uint8Array | KeyObject, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** RFC 3986: everything but the unreserved characters, byte by byte. */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** A `%` that does not start an escape stays as it is; `+` is not a space here. */
const uriDecode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Dots and doubled slashes are resolved, then each segment is encoded once more: a client that sends `%20` has signed
 * `%2520` (every service but S3).
 */
const canonicalPath = (path: string): string => {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const trailing = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(uriEncode).join('/')}${trailing}`;
};

export const queryPairs = (query: string): [name: string, value: string][] =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [uriDecode(pair), ''] : [uriDecode(pair.slice(0, at)), uriDecode(pair.slice(at + 1))];
    });

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The signature itself cannot be part of what it signs. */
const canonicalQuery = (query: string): string =>
  queryPairs(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort((a, b) => byCodePoint(a[0], b[0]) || byCodePoint(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** All values of a header in the order received, trimmed, inner runs of blanks made one. */
export const headerValues = (rawHeaders: readonly string[], name: string): string[] => {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== name) continue;
    values.push((rawHeaders[at + 1] ?? '').trim().replace(/\s+/g, ' '));
  }
  return values;
};

export const canonicalRequest = (
  request: SignableRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): string =>
  [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${headerValues(request.rawHeaders, name).join(',')}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');

export const scopeText = ({ date, region, service }: Scope): string => `${date}/${region}/${service}/aws4_request`;

/** `amzDate` is `YYYYMMDDTHHMMSSZ`. */
export const stringToSign = (amzDate: string, scope: Scope, canonical: string): string =>
  ['AWS4-HMAC-SHA256', amzDate, scopeText(scope), sha256Hex(canonical)].join('\n');

const signingKey = (secretAccessKey: string, { date, region, service }: Scope): KeyObject =>
  createSecretKey(hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), 'aws4_request'));

/** A key is good for a day, a region and a service, and most calls are signed with the same few. */
const signingKeys = remembered(signingKey, (secret, scope) => `${secret} ${scopeText(scope)}`);

/** Lower-case hex. */
export const signatureOf = (secretAccessKey: string, scope: Scope, toSign: string): string =>
  hmac(signingKeys(secretAccessKey, scope), toSign).toString('hex');
