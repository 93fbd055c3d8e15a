import { aboutLogin, defineEvent } from './define.ts';

/** A person confirmed a program's login. */
export const loginConfirmed = defineEvent('login.confirmed', aboutLogin);
