/** What a ULID looks like, for patterns of which it is a part: 48 bits of time, so it starts low, and 80 of chance. */
export const ulidPattern = '[0-7][0-9A-HJKMNP-TV-Z]{25}';

const whole = new RegExp(`^${ulidPattern}$`);

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** When it was made, in ms: its first ten letters. */
export const msOfUlid = (ulid: string): number =>
  [...ulid.slice(0, 10)].reduce((ms, letter) => ms * 32 + letters.indexOf(letter), 0);

/** Ids of requests, extensions, lockdowns and mints are ULIDs. */
export const isUlid = (text: string): boolean => whole.test(text);
