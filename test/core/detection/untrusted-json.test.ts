import { expect, test } from 'vitest';
import { list, member, text } from '#core/detection/untrusted-json.ts';

test('what every object inherits is not there', () => {
  expect(member({}, 'constructor', 'name')).toBeUndefined();
  expect(member([], 'length', 'x')).toBeUndefined();
  expect(text({ a: { b: 'c' } }, 'a', 'b')).toBe('c');
});

test('what is of another type is not there', () => {
  expect(text({ a: 7 }, 'a')).toBeUndefined();
  expect(text({ a: '' }, 'a')).toBeUndefined();
  expect(text(null, 'a')).toBeUndefined();
  expect(list({ a: { length: 3 } }, 'a')).toEqual([]);
});
