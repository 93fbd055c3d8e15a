import { aboutRequest, defineEvent } from './define.ts';

/** The grant's sessions are dead, and that was verified. */
export const grantEnded = defineEvent('grant.ended', aboutRequest);
