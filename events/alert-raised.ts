import { aboutAlert, defineEvent } from './define.ts';

/** Something that no approved grant explains was seen for the first time. */
export const alertRaised = defineEvent('alert.raised', aboutAlert);
