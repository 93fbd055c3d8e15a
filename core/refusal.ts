import type { Next } from './next-step.ts';

/**
 * Why something that somebody asked for was not done. A value, never an exception. The texts are plain text for people.
 */
export type Refusal = {
  code:
    | 'unknown-person'
    | 'not-found'
    | 'refused-by-policy'
    | 'locked-down'
    | 'own-request'
    | 'not-an-approver'
    | 'already-decided'
    | 'already-voted'
    | 'lapsed'
    | 'not-live'
    | 'too-many'
    | 'role-revoked'
    | 'not-allowed'
    | 'invalid-input';
  /** What happened, to what. One or two sentences. */
  message: string;
  next: Next;
};

export type Refused = { ok: false; refusal: Refusal };

export type Outcome<T> = { ok: true; value: T } | Refused;

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const refuse = (code: Refusal['code'], message: string, next: Next): Refused => ({
  ok: false,
  refusal: { code, message, next },
});

/** "Absent" and "not yours" read the same from outside. */
export const notFound = (what: string, next: Next = { do: 'list' }): Refused =>
  refuse('not-found', `There is no ${what} that you can see.`, next);
