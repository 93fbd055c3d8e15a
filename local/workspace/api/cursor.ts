import { SlackRefusal } from '../refusal.ts';
import type { Arguments } from './arguments.ts';

/** https://docs.slack.dev/apis/web-api/pagination: a cursor is opaque, the last page's is empty. */
export const toCursor = (kind: string, at: string): string => Buffer.from(`${kind}:${at}`).toString('base64');

/** Throws `SlackRefusal` invalid_cursor. */
export const fromCursor = (cursor: string, kind: string): string => {
  const [found, at] = Buffer.from(cursor, 'base64').toString('utf8').split(':');
  if (found !== kind || at === undefined || !/^\d+(\.\d+)?$/.test(at)) throw new SlackRefusal('invalid_cursor');
  return at;
};

/** One page of a list that is held whole. */
export const slicePage = <T>(all: readonly T[], args: Arguments): { items: readonly T[]; nextCursor: string } => {
  const cursor = args.text('cursor');
  const from = cursor === undefined ? 0 : Number(fromCursor(cursor, 'offset'));
  const to = from + args.limit(100, 1000);
  return { items: all.slice(from, to), nextCursor: to < all.length ? toCursor('offset', String(to)) : '' };
};
