import { describe, expect, it } from 'vitest';
import {
  addMs,
  addSec,
  earlierOf,
  isPastByBothClocks,
  laterOf,
  latestOf,
  msOf,
  toIso,
  wholeSeconds,
} from '#core/instant.ts';

const at = '2026-11-22T10:00:00.000Z';

describe('an instant', () => {
  it('is written with milliseconds, so that the later one is the greater text', () => {
    expect(toIso(1_795_341_600_000)).toBe(at);
    expect(msOf(at)).toBe(1_795_341_600_000);
    expect(wholeSeconds(1_795_341_600_999)).toBe('2026-11-22T10:00:00Z');
  });

  it('moves by milliseconds and seconds, both ways', () => {
    expect(addMs(at, 1)).toBe('2026-11-22T10:00:00.001Z');
    expect(addSec(at, 3600)).toBe('2026-11-22T11:00:00.000Z');
    expect(addSec(at, -1)).toBe('2026-11-22T09:59:59.000Z');
  });

  it('is compared with others', () => {
    expect(laterOf(at, addMs(at, 1))).toBe('2026-11-22T10:00:00.001Z');
    expect(earlierOf(addMs(at, 1), at)).toBe(at);
    expect(latestOf([at, addSec(at, 2), addSec(at, 1)])).toBe('2026-11-22T10:00:02.000Z');
    expect(latestOf([])).toBe('');
  });

  it('is past by AWS’s clock too five minutes later', () => {
    expect(isPastByBothClocks(at, msOf(at) + 299_999)).toBe(false);
    expect(isPastByBothClocks(at, msOf(at) + 300_000)).toBe(true);
  });
});
