import { aboutRequest, defineEvent } from './define.ts';

/** Credentials were handed out under the grant. */
export const sessionMinted = defineEvent('session.minted', aboutRequest);
