import { aboutRequest, defineEvent } from './define.ts';

/** An approver denied it. */
export const requestDenied = defineEvent('request.denied', aboutRequest);
