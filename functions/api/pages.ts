import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { isUlid } from '#core/ulid.ts';
import { problem } from '#functions/http/answer.ts';
import type { Parsed } from '#functions/http/body.ts';

/** `next` of an answer, for the call that goes on: where, and nothing of what is there. */
export const nextOf = (place: object): { next?: string } =>
  Object.keys(place).length === 0 ? {} : { next: Buffer.from(JSON.stringify(place)).toString('base64url') };

/**
 * Where a call goes on, undefined for the first page. Whoever makes a `next` of their own reads what they could read
 * anyhow: whose the lists are says the token.
 */
export const placeIn = <S extends z.ZodMiniType>(
  { rawQueryString }: Pick<APIGatewayProxyEventV2, 'rawQueryString'>,
  schema: S,
): Parsed<z.infer<S> | undefined> => {
  const next = new URLSearchParams(rawQueryString).get('next');
  if (next === null) return { ok: true, value: undefined };
  const place = schema.safeParse(jsonIn(next));
  if (place.success) return { ok: true, value: place.data };
  const said = 'This `next` is of no page.';
  return { ok: false, problem: problem(400, 'invalid-input', said, 'Leave it out to begin with the first page.') };
};

const jsonIn = (next: string): unknown => {
  try {
    return JSON.parse(Buffer.from(next, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

export const behind = z.optional(z.string().check(z.refine(isUlid)));

/** The first of these that fit into so many bytes of JSON: one at least, so that pages come to an end. */
export const fitting = <T>(views: readonly T[], mostBytes: number): T[] => {
  let bytes = 0;
  const tooMuch = views.findIndex((view, index) => {
    bytes += Buffer.byteLength(JSON.stringify(view));
    return index > 0 && bytes > mostBytes;
  });
  return views.slice(0, tooMuch === -1 ? views.length : tooMuch);
};

const placeInList = z.strictObject({ after: z.int().check(z.minimum(0)) });

const mostBytesOfList = 900_000;

/** A page of a list that is read whole: at most so many of it, each shown by `view`. */
export const pageOf = async <T, V>(
  event: Pick<APIGatewayProxyEventV2, 'rawQueryString'>,
  all: readonly T[],
  most: number,
  view: (each: T) => V | Promise<V>,
): Promise<Parsed<{ page: V[]; next: { next?: string } }>> => {
  const place = placeIn(event, placeInList);
  if (!place.ok) return place;
  const after = place.value?.after ?? 0;
  const page = fitting(await Promise.all(all.slice(after, after + most).map(view)), mostBytesOfList);
  const end = after + page.length;
  return { ok: true, value: { page, next: nextOf(end < all.length ? { after: end } : {}) } };
};
