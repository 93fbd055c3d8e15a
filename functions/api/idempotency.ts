import * as z from 'zod/mini';
import { canonicalJson } from '#core/canonical-json.ts';
import { sha256 } from '#core/sha256.ts';
import { type Answer, problem } from '#functions/http/answer.ts';
import type { Ports } from '#ports/ports.ts';

const longestKey = 200;
/** Between the claim and the id there is one write; who died there is not waited for longer. */
const claimSec = 5;

const kept = z.object({ requestId: z.string(), ask: z.string() });

export type KeyedId = { ok: true; requestId: string } | { ok: false; problem: Answer };

/**
 * The id that the request (or extension, or lockdown) gets: the one this person's key already stands for, or a new one
 * that it stands for from now on. It is kept before the request exists, so that a crash in between makes no second
 * request.
 */
export const requestIdFor = async (
  key: string | undefined,
  ask: { personId: string },
  { ids, replies }: Pick<Ports, 'ids' | 'replies'>,
): Promise<KeyedId> => {
  if (key === undefined) return { ok: true, requestId: ids.ulid() };
  if (key.trim() === '' || key.length > longestKey) {
    const message = `The Idempotency-Key must have 1 to ${longestKey} characters.`;
    return { ok: false, problem: problem(400, 'invalid-input', message, 'Send a UUID, for example.') };
  }
  const asked = sha256(canonicalJson(ask));
  const replyKey = `idempotency:${sha256(canonicalJson([ask.personId, key]))}`;
  const claim = await replies.claim(replyKey, claimSec);
  switch (claim.state) {
    case 'mine': {
      const requestId = ids.ulid();
      const body = JSON.stringify({ requestId, ask: asked });
      await replies.keep(replyKey, { status: 201, contentType: 'application/json', body });
      return { ok: true, requestId };
    }
    case 'busy': {
      const message = 'The same request is just being made.';
      return {
        ok: false,
        problem: problem(409, 'in-progress', message, 'Try again in a moment.', { 'retry-after': '1' }),
      };
    }
    case 'answered': {
      const first = kept.parse(JSON.parse(claim.reply.body));
      if (first.ask === asked) return { ok: true, requestId: first.requestId };
      const message = 'This Idempotency-Key was used for a request that asked for something else.';
      return { ok: false, problem: problem(422, 'key-reused', message, 'Use a new key for a new request.') };
    }
  }
};
