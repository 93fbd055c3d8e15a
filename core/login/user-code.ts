/** Twenty consonants: no vowel makes a word, no letter is mistaken for a digit (RFC 8628, section 6.1). */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 8;

/** Bytes at or above this would favour the first letters; they are passed over. */
const fairBelow = Math.floor(256 / alphabet.length) * alphabet.length;

const withDash = (letters: string): string => `${letters.slice(0, 4)}-${letters.slice(4)}`;

/** A code to type, `BCDF-GHJK`, from random bytes. 32 of them are enough but for one time in 10^20; undefined then. */
export const userCodeFrom = (random: Uint8Array): string | undefined => {
  const letters = [...random]
    .filter((byte) => byte < fairBelow)
    .slice(0, length)
    .map((byte) => alphabet.charAt(byte % alphabet.length))
    .join('');
  return letters.length === length ? withDash(letters) : undefined;
};

/**
 * What somebody typed as the code it stands for: case, spaces and dashes of any kind do not matter. Undefined if it is
 * none.
 */
export const parseUserCode = (typed: string): string | undefined => {
  const letters = typed.toUpperCase().replace(/[\s\p{Pd}]/gu, '');
  return letters.length === length && [...letters].every((letter) => alphabet.includes(letter))
    ? withDash(letters)
    : undefined;
};
