import { aboutRequest, defineEvent } from './define.ts';

/** The policy refused a request, when it was asked for or when the decision was made again. */
export const requestRefused = defineEvent('request.refused', aboutRequest);
