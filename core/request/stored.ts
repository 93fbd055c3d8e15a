import { mintedOf } from '#core/grant/minted.ts';
import type { AccessRequest } from './request.ts';

/**
 * A request in the form in which whichever version stored it. Versions without items for sessions kept all of them
 * inside it: those stay there to be looked up, and what revocation needs of them is said as it is today.
 */
export const readStored = (state: AccessRequest): AccessRequest => {
  if (state.minted || !state.sessions) return state;
  const { sessions, ...rest } = state;
  const minted = mintedOf(sessions);
  return minted ? { ...rest, minted, sessions } : rest;
};
