import type { Headers } from './guard.ts';

/** A request as every front hands it over. */
export type HttpRequest = { method: string; headers: Headers; body: string; isBase64: boolean };
/** Header names in lower case. */
export type HttpAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string };

type Admitted = { rawBody: Buffer; body: string; headers: Readonly<Record<string, string>> };

/** Far more than any payload of ours; Slack says nothing of a limit. */
export const largestBodyBytes = 256 * 1024;
/** Its base64: 4 characters for 3 bytes. */
const longestEncoded = Math.ceil(largestBodyBytes / 3) * 4;
const known: readonly string[] = ['application/x-www-form-urlencoded', 'application/json'];

export const plainText = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

/** Everything that can be said before the signature is looked at. */
export const admissible = ({ method, headers, body, isBase64 }: HttpRequest): Admitted | { refused: HttpAnswer } => {
  if (method !== 'POST') {
    const answer = plainText(405, 'Slack sends POST here.');
    return { refused: { ...answer, headers: { ...answer.headers, allow: 'POST' } } };
  }
  const tooLarge = {
    refused: plainText(413, `A request may have ${largestBodyBytes} bytes; this one has more. Send less.`),
  };
  // Before it is decoded, which would hold it twice.
  if (body.length > longestEncoded) return tooLarge;
  const rawBody = Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  if (rawBody.length > largestBodyBytes) return tooLarge;
  const single = lowerCased(headers);
  if ((single['content-encoding'] ?? 'identity') !== 'identity') {
    return { refused: plainText(415, 'A compressed body cannot be verified. Send it as it is.') };
  }
  const contentType = (single['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!known.includes(contentType)) {
    return { refused: plainText(415, `The content type must be ${known.join(' or ')}.`) };
  }
  // Not `ascii`, as Bolt decodes it: a JSON payload may hold any letter.
  const text = rawBody.toString('utf8');
  if (isCertificateCheck(contentType, text)) return { refused: plainText(200, '') };
  // Bolt knows the bare types only and throws on `; charset=utf-8`.
  return { rawBody, body: text, headers: { ...single, 'content-type': contentType } };
};

/** Slack looks whether our certificate is valid; nothing is done, so nothing needs to be signed. */
const isCertificateCheck = (contentType: string, text: string): boolean =>
  contentType === 'application/x-www-form-urlencoded' && new URLSearchParams(text).get('ssl_check') === '1';

const lowerCased = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(',')]],
    ),
  );
