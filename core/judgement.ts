import type { Refused } from './refusal.ts';

/**
 * What to do with something as it is stored now: save a change, leave it as it is, or refuse. `answer` is what the
 * judge has to tell besides the state. `again`: this was asked for before, and the answer to that may have been lost
 * after the save, so what it caused is published if it was not; `already` is what that comes to where it is asked
 * whether to do it at all.
 */
export type Judgement<State, Change, Answer = never> =
  | { change: Change; answer?: Answer }
  | { keep: State; answer?: Answer; again?: true; already?: Refused }
  | Refused;
