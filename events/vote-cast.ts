import { aboutRequest, defineEvent } from './define.ts';

/** One approver voted and more votes are needed. */
export const voteCast = defineEvent('vote.cast', aboutRequest);
