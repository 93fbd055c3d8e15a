/** The workflow gets this long to do by itself what the sweeper would do. */
export const graceMs = 60_000;
