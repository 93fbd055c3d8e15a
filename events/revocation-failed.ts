import { aboutRequest, defineEvent } from './define.ts';

/** The deny could not be put in force; the sweeper goes on trying. */
export const revocationFailed = defineEvent('grant.revocation-failed', aboutRequest);
