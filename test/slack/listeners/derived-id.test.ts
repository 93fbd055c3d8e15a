import { decodeTime, isValid } from 'ulid';
import { expect, it } from 'vitest';
import { derivedUlid } from '#slack/listeners/derived-id.ts';

it('is a ULID of the instant, the same for the same seed and another for another', () => {
  const id = derivedUlid(1_795_341_600_000, 'v0=abc');
  expect(isValid(id)).toBe(true);
  expect(decodeTime(id)).toBe(1_795_341_600_000);
  expect(derivedUlid(1_795_341_600_000, 'v0=abc')).toBe(id);
  expect(derivedUlid(1_795_341_600_000, 'v0=abd')).not.toBe(id);
});
