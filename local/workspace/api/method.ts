import type { Parts } from '../parts.ts';
import type { Arguments } from './arguments.ts';

/**
 * One Web API method: what it answers beside `ok: true`. Throws `SlackRefusal`. `origin` is where this workspace is
 * reached.
 */
export type Method = (parts: Parts, args: Arguments, origin: string) => Record<string, unknown>;
