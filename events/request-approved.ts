import { aboutRequest, defineEvent } from './define.ts';

/** The last vote that was needed is in. */
export const requestApproved = defineEvent('request.approved', aboutRequest);
