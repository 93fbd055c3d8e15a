import { createHash } from 'node:crypto';
import type { Entropy } from './entropy.ts';

/** 48 random bytes: a token cannot be guessed and says nothing about its execution. */
export const newToken = (entropy: Entropy): string => Buffer.from(entropy.bytes(48)).toString('base64url');

/** Whether a text could be a token of ours at all. */
export const isWellFormedToken = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w-]{64}$/.test(text);

/** What the database looks a token up by. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What stands in an execution's history where the service itself shows the task token. */
export const withheldToken = '(task token withheld)';

/**
 * The text without the token. A difference to the real service, whose history carries the token in the parameters of a
 * scheduled task: here whoever may read history must not thereby be able to answer the task.
 */
export const withholdToken = (text: string, token: string | undefined): string =>
  token === undefined ? text : text.replaceAll(token, withheldToken);
