import { aboutRequest, defineEvent } from './define.ts';

/** Nobody answered in time. */
export const requestLapsed = defineEvent('request.lapsed', aboutRequest);
