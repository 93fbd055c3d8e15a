import type { IncomingMessage, ServerResponse } from 'node:http';

/** Nothing that is sent here is larger: a view is at most 250 kB, and a form may take six times that. */
const bodyMaxBytes = 2_000_000;

export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** The body as text. Throws `BodyTooLarge` above 2 MB. */
export const readBody = async (req: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += (chunk as Buffer).length;
    if (bytes > bodyMaxBytes) throw new BodyTooLarge(`a body of more than ${bodyMaxBytes} bytes is not taken`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
};

export const sendJson = (res: ServerResponse, status: number, body: unknown): void => {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
};

/** The value, or undefined where the text is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
