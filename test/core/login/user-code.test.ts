import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseUserCode, userCodeFrom } from '#core/login/user-code.ts';

it('makes two groups of four consonants from random bytes', () => {
  expect(userCodeFrom(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]))).toBe('BCDF-GHJK');
  expect(userCodeFrom(Uint8Array.from([19, 39, 239, 20, 0, 0, 0, 0]))).toBe('ZZZB-BBBB');
});

it('passes over the bytes that would favour the first letters, so that each letter is as likely as the next', () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const code = userCodeFrom(Uint8Array.from([byte, 0, 0, 0, 0, 0, 0, 0, 0]));
    // A byte that is passed over leaves the zeros, which are the letter B, at the front.
    const first = code?.charAt(0) ?? '';
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  expect(counts.size).toBe(20);
  expect(counts.get('Z')).toBe(12);
  expect(counts.get('B')).toBe(12 + 16);
});

it('gives no code when there were too few usable bytes', () => {
  expect(userCodeFrom(Uint8Array.from([0, 1, 2, 3, 4, 5, 6]))).toBeUndefined();
  expect(userCodeFrom(new Uint8Array(40).fill(255))).toBeUndefined();
});

it('reads a code however it was typed', () => {
  for (const typed of ['BCDF-GHJK', 'bcdf-ghjk', ' bcdfghjk ', 'BCDF–GHJK', 'bc df gh jk']) {
    expect(parseUserCode(typed)).toBe('BCDF-GHJK');
  }
});

it('reads nothing else as a code', () => {
  for (const typed of ['', 'BCDF-GHJ', 'BCDF-GHJKL', 'ABCD-EFGH', 'BCDF-GHJ1', 'BCDF_GHJK', 'БCDF-GHJK', '__proto__']) {
    expect(parseUserCode(typed)).toBeUndefined();
  }
});

it('always reads back the code that it made', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const code = userCodeFrom(bytes);
      fc.pre(code !== undefined);
      expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      expect(parseUserCode(code.toLowerCase().replace('-', ''))).toBe(code);
    }),
  );
});
