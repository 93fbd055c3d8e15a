import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { botScopes } from '#slack/scopes.ts';
import { BodyRefused } from '../../bodies.ts';
import { readBody, sendJson } from '../http.ts';
import type { Parts } from '../parts.ts';
import { SlackRefusal } from '../refusal.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import type { Method } from './method.ts';
import { people } from './people.ts';
import { views } from './views.ts';

/** Everything the workspace answers; any other name is `unknown_method`. */
export const methods: Readonly<Record<string, Method>> = { ...chat, ...conversations, ...people, ...views };

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Throws `SlackRefusal`: not_authed without a token, invalid_auth with another one. */
const authenticate = (header: string | undefined, args: Arguments, botToken: string): void => {
  const token = /^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? args.text('token');
  if (token === undefined) throw new SlackRefusal('not_authed');
  if (!same(token, botToken)) throw new SlackRefusal('invalid_auth');
};

/** Answers `POST /workspace/api/<method>` as Slack's Web API does: 200, with `ok` true or false. */
export const answerWebApi = async (
  parts: Parts,
  botToken: string,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> => {
  const name = decodeURIComponent(url.pathname.slice('/workspace/api/'.length));
  try {
    const body = await readBody(parts, req);
    const args = parseArguments(req.headers['content-type'] ?? '', body, url.searchParams);
    authenticate(req.headers.authorization, args, botToken);
    // With every answer Slack says what the token may do: https://docs.slack.dev/authentication/installing-with-oauth
    res.setHeader('x-oauth-scopes', botScopes.join(','));
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method) return sendJson(res, 200, { ok: false, error: 'unknown_method', req_method: name });
    sendJson(res, 200, { ok: true, ...method(parts, args, url.origin) });
  } catch (error) {
    if (error instanceof SlackRefusal) return sendJson(res, 200, error.body());
    if (error instanceof BodyRefused) return sendJson(res, error.status, { ok: false, error: 'request_too_large' });
    throw error;
  }
};
