/** What a ULID looks like, for patterns of which it is a part: 48 bits of time, so it starts low, and 80 of chance. */
export const ulidPattern = '[0-7][0-9A-HJKMNP-TV-Z]{25}';

const whole = new RegExp(`^${ulidPattern}$`);

/** Ids of requests, extensions, lockdowns and mints are ULIDs. */
export const isUlid = (text: string): boolean => whole.test(text);
