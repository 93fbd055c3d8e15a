import { aboutLockdown, defineEvent } from './define.ts';

/** Somebody locked a person, a role or an account down: nothing begins under it from here on. */
export const lockdownBegun = defineEvent('lockdown.begun', aboutLockdown);
