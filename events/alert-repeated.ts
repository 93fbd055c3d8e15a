import { aboutAlert, defineEvent } from './define.ts';

/** It was seen again. */
export const alertRepeated = defineEvent('alert.repeated', aboutAlert);
