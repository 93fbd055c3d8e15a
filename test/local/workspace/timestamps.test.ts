import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { isTs, microsToTs, tsSequence, tsToMicros } from '#local/workspace/timestamps.ts';

it('a ts is the second and six digits, as Slack writes it', () => {
  const next = tsSequence(turnableClock(1_732_269_600_000), undefined);
  expect(next()).toBe('1732269600.000000');
  expect(next()).toBe('1732269600.000100');
});

it('every ts is later than the one before, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000_000_000 }), { minLength: 2 }), (times) => {
      let nowMs = 0;
      const next = tsSequence({ nowMs: () => nowMs }, undefined);
      const given = times.map((time) => {
        nowMs = time;
        return next();
      });
      for (const [index, ts] of given.entries()) {
        expect(isTs(ts)).toBe(true);
        if (index > 0) expect(tsToMicros(ts)).toBeGreaterThan(tsToMicros(given[index - 1] ?? ''));
      }
    }),
  );
});

it('goes on after the newest stored one when the clock went back over a restart', () => {
  expect(tsSequence({ nowMs: () => 1000 }, '1732269600.000100')()).toBe('1732269600.000200');
});

it('micros and ts are each other’s inverse', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000_000_000_000_000 }), (micros) => {
      expect(tsToMicros(microsToTs(micros))).toBe(micros);
    }),
  );
});
