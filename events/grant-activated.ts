import { aboutRequest, defineEvent } from './define.ts';

/** The grant's window has begun. */
export const grantActivated = defineEvent('grant.activated', aboutRequest);
