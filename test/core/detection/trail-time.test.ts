import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trailTime } from '#core/detection/trail-time.ts';

test('reads the four ways in which CloudTrail writes an instant', () => {
  expect(trailTime('2026-07-01T12:08:19Z')).toBe('2026-07-01T12:08:19.000Z');
  expect(trailTime('20131102T010628Z')).toBe('2013-11-02T01:06:28.000Z');
  expect(trailTime('Sep 17, 2020 8:04:10 PM')).toBe('2020-09-17T20:04:10.000Z');
  expect(trailTime('Jul 1, 2026, 12:08:19 PM')).toBe('2026-07-01T12:08:19.000Z');
  expect(trailTime('Jul 1, 2026, 12:08:19\u202fAM')).toBe('2026-07-01T00:08:19.000Z');
});

test('does not make up instants that no calendar has', () => {
  for (const wrong of [
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    'Foo 1, 2026 1:00:00 PM',
    'Jul 1, 2026 13:00:00 PM',
    'now',
    '',
  ]) {
    expect(trailTime(wrong), wrong).toBeUndefined();
  }
  for (const wrong of [undefined, null, 0, {}, ['2026-07-01T12:08:19Z']]) expect(trailTime(wrong)).toBeUndefined();
});

test('reads every whole second back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 946_684_800, max: 4_102_444_800 }), (second) => {
      const iso = new Date(second * 1000).toISOString();
      expect(trailTime(iso.replace('.000', ''))).toBe(iso);
      expect(trailTime(iso.replace('.000', '').replaceAll(/[-:]/g, ''))).toBe(iso);
    }),
  );
});
