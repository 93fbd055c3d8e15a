import { aboutRequest, defineEvent } from './define.ts';

/** An approver denied more time; the grant goes on to the end it has. */
export const extensionDenied = defineEvent('extension.denied', aboutRequest);
