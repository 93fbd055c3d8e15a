/**
 * What people type on their own machine to use Daypass. Every text names it from here: another name could be anybody's
 * program.
 */
export const commandName = 'daypass';

/** The same as one file: what the hub serves, and what lies beside the function that serves it. */
export const commandFileName = `${commandName}.mjs`;
