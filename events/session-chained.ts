import { aboutRequest, defineEvent } from './define.ts';

/** A session of the grant went on to another role: `accountId` and `roleName` are that role's. */
export const sessionChained = defineEvent('session.chained', aboutRequest);
