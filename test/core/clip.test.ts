import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip, cut, mendTexts } from '#core/clip.ts';

test('a text is cut between code points, never inside one', () => {
  expect(cut('𝕏𝕏𝕏', 2)).toBe('𝕏𝕏');
  expect(clip('𝕏𝕏𝕏', 2)).toBe('𝕏…');
  expect(clip('𝕏𝕏𝕏', 3)).toBe('𝕏𝕏𝕏');
  expect(clip('abc', 2)).toBe('a…');
  expect(cut('', 5)).toBe('');
});

test('half a character that arrives becomes U+FFFD', () => {
  expect(cut('a\ud835', 9)).toBe('a\ufffd');
  expect(clip('\udd4f'.repeat(3), 2)).toBe('\ufffd…');
});

test('whatever is cut can be stored, and is as long as was asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(40), (one, other, most) => {
      // Two texts that were cut apart in the middle of a character.
      const text = `${one}\ud835${other}${'𝕏'.repeat(30)}`;
      for (const found of [cut(text, most + 1), clip(text, most + 1)]) {
        expect(found.isWellFormed()).toBe(true);
        expect([...found].length).toBe(Math.min(most + 1, [...text].length));
      }
    }),
  );
});

test('every text in a payload is mended, however deep it lies', () => {
  let deep: unknown = 'x\ud800';
  for (let depth = 0; depth < 20_000; depth++) deep = [deep];
  const payload = { reason: '\udc00', state: { values: [{ value: 'fine 𝕏' }, 7, null, deep] } };
  mendTexts(payload);
  expect(payload.reason).toBe('\ufffd');
  expect(payload.state.values[0]).toEqual({ value: 'fine 𝕏' });
  let found: unknown = payload.state.values[3];
  while (Array.isArray(found)) found = found[0];
  expect(found).toBe('x\ufffd');
});
