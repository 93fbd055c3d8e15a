import { aboutRequest, defineEvent } from './define.ts';

/** Somebody asked for more time for their live grant, and approvers have to answer. */
export const extensionAsked = defineEvent('extension.asked', aboutRequest);
