import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactDuration, durationInWords, formatDuration, parseDuration } from '#core/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['1s', 1],
    ['20s', 20],
    ['30m', 1_800],
    ['1h', 3_600],
    ['1h30m', 5_400],
    ['90m', 5_400],
    ['1h30m15s', 5_415],
    ['8h', 28_800],
    ['1d', 86_400],
    ['1d12h', 129_600],
    ['365d', 31_536_000],
  ])('reads %s as %i seconds', (text, sec) => {
    expect(parseDuration(text)).toBe(sec);
  });

  it.each([
    '',
    '0',
    '0s',
    '0h0m',
    '30',
    '-5m',
    '+5m',
    '1.5h',
    '1e9s',
    '30M',
    '2H',
    '2 hours',
    '1h 30m',
    ' 30m',
    '30m ',
    '30m\n',
    '30m; rm',
    '30m30m',
    '30m1h',
    'm',
    'h30',
    '٣٠m',
    '366d',
    '8761h',
    '999999999d',
    '9999999999999999999s',
    'Infinity',
    '__proto__',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('reads back what compactDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 31_536_000 }), (sec) => {
        expect(parseDuration(compactDuration(sec))).toBe(sec);
      }),
    );
  });

  it('gives whole positive seconds of at most a year, or nothing, for any text', () => {
    const nearly = fc.stringMatching(/^[0-9dhms ;.-]{0,12}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const sec = parseDuration(text) ?? 1;
        expect(Number.isInteger(sec) && sec >= 1 && sec <= 31_536_000).toBe(true);
      }),
    );
  });
});

describe('a duration for people', () => {
  it.each([
    [5, '5 s', '5 seconds', '5s'],
    [1, '1 s', '1 second', '1s'],
    [60, '1 min', '1 minute', '1m'],
    [5_400, '1 h 30 min', '1 hour 30 minutes', '1h30m'],
    [14_400, '4 h', '4 hours', '4h'],
    [90_061, '1 d 1 h 1 min 1 s', '1 day 1 hour 1 minute 1 second', '1d1h1m1s'],
  ])('writes %i seconds short, in words and compact', (sec, short, words, compact) => {
    expect([formatDuration(sec), durationInWords(sec), compactDuration(sec)]).toEqual([short, words, compact]);
  });

  it.each([0, -1, 0.5])('writes %f as nothing left', (sec) => {
    expect(formatDuration(sec)).toBe('0 s');
  });
});
