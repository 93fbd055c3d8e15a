import { aboutClick, defineEvent } from './define.ts';

/** Somebody clicked and was refused. */
export const actionRefused = defineEvent('action.refused', aboutClick);
