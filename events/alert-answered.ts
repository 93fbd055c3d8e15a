import { aboutAlert, defineEvent } from './define.ts';

/** Somebody, or the policy, answered: revoke or expected. */
export const alertAnswered = defineEvent('alert.answered', aboutAlert);
