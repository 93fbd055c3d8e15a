import { aboutRequest, defineEvent } from './define.ts';

/** The requester took it back. */
export const requestCancelled = defineEvent('request.cancelled', aboutRequest);
