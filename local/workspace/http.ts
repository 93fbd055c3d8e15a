import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bodies } from '../bodies.ts';

/** Nothing that is sent here is larger: a view is at most 250 kB, and a form may take six times that. */
const bodyMaxBytes = 2_000_000;

/** The body as text. Throws `BodyRefused` above 2 MB. */
export const readBody = async ({ bodies }: { bodies: Bodies }, req: IncomingMessage): Promise<string> =>
  (await bodies.read(req, bodyMaxBytes)).toString('utf8');

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
