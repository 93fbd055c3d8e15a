import { aboutRequest, defineEvent } from './define.ts';

/** A request was saved that is allowed, or waits for approval. */
export const requestSubmitted = defineEvent('request.submitted', aboutRequest);
