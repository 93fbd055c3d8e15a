import { aboutLockdown, defineEvent } from './define.ts';

/** Some of what a lockdown covers has ended. */
export const lockdownProgressed = defineEvent('lockdown.progressed', aboutLockdown);
