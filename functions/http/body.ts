import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import { clip } from '#core/clip.ts';
import { type Answer, problem } from './answer.ts';

/** More than the longest reason and ticket take, in any encoding. */
export const longestBodyBytes = 16_384;
/** Its base64: 4 characters for 3 bytes. */
const longestEncoded = Math.ceil(longestBodyBytes / 3) * 4;

export type BodyKind = 'json' | 'form-or-json';
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: Answer };

const bad = (status: number, code: string, message: string, next: string): Parsed<never> => ({
  ok: false,
  problem: problem(status, code, message, next),
});

/** Names that would change what every object is, wherever they stand. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

const parseJson = (text: string): Parsed<unknown> => {
  let found: string | undefined;
  try {
    const value: unknown = JSON.parse(text, (key, member: unknown) => {
      if (forbidden.has(key)) found = key;
      return typeof member === 'string' ? member.toWellFormed() : member;
    });
    if (found === undefined) return { ok: true, value };
    return bad(
      400,
      'invalid-input',
      `The body has a member named ${found}, which no request may have.`,
      'Leave it out.',
    );
  } catch {
    return bad(400, 'invalid-json', 'The body is not JSON.', 'Send one JSON object, encoded in UTF-8.');
  }
};

const parseForm = (text: string): Parsed<unknown> => {
  const fields = [...new URLSearchParams(text)];
  const names = fields.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return { ok: true, value: Object.fromEntries(fields) };
  return bad(
    400,
    'invalid-input',
    `The form has the field ${clip(twice, 40)} more than once.`,
    'Send each field once.',
  );
};

/** The body as an unchecked value; an empty one is an empty object. */
const readBody = (event: APIGatewayProxyEventV2, kind: BodyKind): Parsed<unknown> => {
  const text = event.body ?? '';
  // Its length first: API Gateway lets 10 MB pass, Lambda 6, and what is decoded is held twice.
  const bytes = Buffer.from(text.length > longestEncoded ? '' : text, event.isBase64Encoded ? 'base64' : 'utf8');
  if (text.length > longestEncoded || bytes.length > longestBodyBytes) {
    return bad(
      413,
      'too-large',
      `The body is larger than ${longestBodyBytes} bytes.`,
      'Shorten the reason or the ticket.',
    );
  }
  if (bytes.length === 0) return { ok: true, value: {} };
  const contentType = (event.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (contentType === 'application/json') return parseJson(bytes.toString('utf8'));
  if (kind === 'form-or-json' && contentType === 'application/x-www-form-urlencoded') {
    return parseForm(bytes.toString('utf8'));
  }
  const wanted = kind === 'json' ? 'application/json' : 'application/x-www-form-urlencoded or application/json';
  return bad(415, 'unsupported-media-type', `The body must be ${wanted}.`, `Set Content-Type to ${wanted}.`);
};

/** One sentence, which never quotes the body: it may hold a token. */
const sentence = (issue: z.core.$ZodIssue): string => {
  const where = issue.path.length > 0 ? issue.path.join('.') : 'The body';
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${where} has ${issue.keys.map((key) => clip(key, 40)).join(', ')}, which this route does not know.`;
    case 'invalid_type':
      return `${where} must be ${issue.expected === 'object' ? 'an object' : `a ${issue.expected}`}.`;
    case 'too_small':
      return `${where} must not be empty.`;
    case 'too_big':
      return `${where} is longer than ${issue.maximum} characters.`;
    default:
      return `${where} is not what this route takes.`;
  }
};

/** The body as `schema` describes it, or the answer that says what is wrong with it. */
export const parseBody = <S extends z.ZodMiniType>(
  event: APIGatewayProxyEventV2,
  kind: BodyKind,
  schema: S,
): Parsed<z.infer<S>> => {
  const raw = readBody(event, kind);
  if (!raw.ok) return raw;
  const parsed = schema.safeParse(raw.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return bad(400, 'invalid-input', parsed.error.issues.map(sentence).join(' '), 'Correct it and send it again.');
};
