import { aboutRequest, defineEvent } from './define.ts';

/** The end of the grant's window was put off. */
export const grantExtended = defineEvent('grant.extended', aboutRequest);
