import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord } from './block-kit/check.ts';
import { findConversation } from './directory.ts';
import { parseJson, readBody, sendJson } from './http.ts';
import type { Parts } from './parts.ts';
import { type Content, publish, revised, whisper } from './publish.ts';
import { SlackRefusal } from './refusal.ts';
import type { ResponseTarget } from './response-urls.ts';

/** Where an app's answer to an interaction comes in: `POST /workspace/respond/<secret>`. */
export const responsePath = '/workspace/respond/';

/** What a body says, as message content. */
export const contentOf = (body: Record<string, unknown>): Content => ({
  ...(typeof body.text === 'string' ? { text: body.text } : {}),
  ...(body.blocks === undefined || body.blocks === null ? {} : { blocks: body.blocks }),
});

const deleteSource = (parts: Parts, target: ResponseTarget): void => {
  if (!target.source) return;
  if (target.source.ephemeral) parts.ephemerals.remove(target.personId, target.conversationId, target.source.ts);
  else parts.store.remove(target.conversationId, target.source.ts);
  parts.live.changed();
};

/** False when there is no message to replace: then the answer is a new one. */
const replaceSource = (parts: Parts, target: ResponseTarget, content: Content): boolean => {
  const { conversationId, personId, source } = target;
  if (!source) return false;
  if (source.ephemeral) {
    const old = parts.ephemerals.find(personId, conversationId, source.ts);
    if (!old) return false;
    parts.ephemerals.replace({ ...revised(parts, old, content), personId });
  } else {
    const old = parts.store.find(conversationId, source.ts);
    if (!old) return false;
    parts.store.replace(revised(parts, old, content));
  }
  parts.live.changed();
  return true;
};

/**
 * Says what the app answered. Seen by the one person unless `response_type` is `in_channel`.
 * https://docs.slack.dev/interactivity/handling-user-interaction. Throws `SlackRefusal`.
 */
export const respond = (parts: Parts, target: ResponseTarget, body: Record<string, unknown>): void => {
  if (body.delete_original === true) {
    deleteSource(parts, target);
    return;
  }
  const content = contentOf(body);
  if (body.replace_original === true && replaceSource(parts, target, content)) return;
  const conversation = findConversation(parts.directory, target.conversationId);
  if (!conversation) throw new SlackRefusal('channel_not_found');
  const threadTs = typeof body.thread_ts === 'string' ? body.thread_ts : target.threadTs;
  const place = {
    conversation,
    authorId: parts.directory.bot.id,
    ...(threadTs === undefined ? {} : { threadTs }),
  };
  if (body.response_type === 'in_channel') publish(parts, place, content);
  else whisper(parts, { ...place, personId: target.personId }, content);
};

const refuse = (res: ServerResponse, status: number, error: string): void =>
  sendJson(res, status, { ok: false, error });

/** Answers `ok`, or 404 with used_url or expired_url, or 400 with what is wrong. */
export const answerRespond = async (
  parts: Parts,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> => {
  if (req.method !== 'POST') return refuse(res, 405, 'method_not_allowed');
  const body = parseJson(await readBody(parts, req));
  if (!isRecord(body)) return refuse(res, 400, 'invalid_payload');
  const target = parts.responseUrls.use(url.pathname.slice(responsePath.length));
  if (typeof target === 'string') return refuse(res, 404, target);
  try {
    respond(parts, target, body);
    res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('ok');
  } catch (error) {
    if (error instanceof SlackRefusal) return sendJson(res, 400, error.body());
    throw error;
  }
};
