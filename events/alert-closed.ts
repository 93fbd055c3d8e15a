import { aboutAlert, defineEvent } from './define.ts';

/** What the answer asked for was done, or nothing more is to be done. */
export const alertClosed = defineEvent('alert.closed', aboutAlert);
