import { aboutLockdown, defineEvent } from './define.ts';

/** People lifted a lockdown: what it covered may be asked for again. */
export const lockdownLifted = defineEvent('lockdown.lifted', aboutLockdown);
