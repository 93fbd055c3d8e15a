import { aboutLockdown, defineEvent } from './define.ts';

/** Nothing more was found under a lockdown; what could not be ended is named. Again, where that changes. */
export const lockdownFinished = defineEvent('lockdown.finished', aboutLockdown);
