import type { Next } from '#core/next-step.ts';
import { notFound, type Refusal } from '#core/refusal.ts';
import { inCalls } from './next-step.ts';

/** What a route says. The body is JSON, unless it is a text whose content type is among the headers. */
export type Answer = { status: number; body: unknown; headers?: Readonly<Record<string, string>> };

export const ok = (body: unknown, status = 200): Answer => ({ status, body });

/**
 * The body of everything that is not a success. `message` says what happened to what, `next` what to do, in
 * calls of this API. `nextStep` is that as data, where there is a step, for who words it otherwise: the CLI.
 */
export const problem = (
  status: number,
  code: string,
  message: string,
  next: Next,
  headers: Readonly<Record<string, string>> = {},
): Answer => {
  const step = typeof next === 'string' ? {} : { nextStep: next };
  return { status, body: { error: { code, message, next: inCalls(next), ...step } }, headers };
};

const statusOf: Readonly<Record<Refusal['code'], number>> = {
  'unknown-person': 401,
  'invalid-input': 400,
  'not-found': 404,
  'refused-by-policy': 403,
  'locked-down': 403,
  'own-request': 403,
  'not-an-approver': 403,
  'not-allowed': 403,
  'already-decided': 409,
  'already-voted': 409,
  'not-live': 409,
  'role-revoked': 409,
  'too-many': 429,
  lapsed: 410,
};

const challenge = { 'www-authenticate': 'Bearer realm="daypass"' };

export const refused = ({ code, message, next }: Refusal): Answer =>
  problem(statusOf[code], code, message, next, code === 'unknown-person' ? challenge : {});

/** For everything about one request: whatever is absent or somebody else's reads the same. */
export const refusedAbout = (refusal: Refusal): Answer =>
  refused(refusal.code === 'not-found' ? notFound('request').refusal : refusal);
