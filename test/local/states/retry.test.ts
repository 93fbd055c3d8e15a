import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, nextRetry, retryDelayMs } from '#local/states/retry.ts';

const half = () => 0.5;

describe('which errors a list of names matches', () => {
  it.each([
    [['States.ALL'], 'StoreUnavailable', true],
    [['States.ALL'], 'States.Timeout', true],
    [['States.ALL'], 'States.DataLimitExceeded', false],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
    [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
    [['States.TaskFailed'], 'StoreUnavailable', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['States.TaskFailed'], 'States.DataLimitExceeded', false],
    [['States.Timeout'], 'States.HeartbeatTimeout', true],
    [['States.HeartbeatTimeout'], 'States.Timeout', false],
    [['Other', 'StoreUnavailable'], 'StoreUnavailable', true],
    [['storeunavailable'], 'StoreUnavailable', false],
  ])('%j against %s: %s', (names, error, expected) => {
    expect(matches(names, error)).toBe(expected);
  });
});

describe('retry delays', () => {
  it('double from one second by default, three times', () => {
    const retriers = [{ ErrorEquals: ['States.ALL'] }];
    const delays: number[] = [];
    for (let next = nextRetry(retriers, [], 'X', half); next; next = nextRetry(retriers, next.counts, 'X', half)) {
      delays.push(next.delayMs);
    }
    expect(delays).toEqual([1000, 2000, 4000]);
  });

  it('count per retrier, and only the first that matches counts', () => {
    const retriers = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 9 },
    ];
    const first = nextRetry(retriers, [], 'A', half);
    expect(first?.counts).toEqual([1, 0]);
    expect(nextRetry(retriers, [1, 0], 'A', half)).toBeUndefined();
    expect(nextRetry(retriers, [1, 0], 'B', half)?.counts).toEqual([1, 1]);
  });

  it('are none with MaxAttempts 0', () => {
    expect(nextRetry([{ ErrorEquals: ['A'], MaxAttempts: 0 }], [], 'A', half)).toBeUndefined();
  });

  it('law: never shrink, never exceed the cap, and full jitter stays at or below the plain delay', () => {
    const retrier = fc.record({
      ErrorEquals: fc.constant(['A']),
      IntervalSeconds: fc.integer({ min: 1, max: 600 }),
      BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
      MaxDelaySeconds: fc.integer({ min: 601, max: 31_622_399 }),
    });
    fc.assert(
      fc.property(retrier, fc.nat({ max: 2000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (plain, at, unit) => {
        const delayMs = retryDelayMs(plain, at, () => unit);
        expect(delayMs).toBeGreaterThanOrEqual(plain.IntervalSeconds * 1000);
        expect(delayMs).toBeLessThanOrEqual(plain.MaxDelaySeconds * 1000);
        expect(retryDelayMs(plain, at + 1, () => unit)).toBeGreaterThanOrEqual(delayMs);
        const jittered = retryDelayMs({ ...plain, JitterStrategy: 'FULL' }, at, () => unit);
        expect(jittered).toBeGreaterThanOrEqual(0);
        expect(jittered).toBeLessThanOrEqual(delayMs);
      }),
    );
  });
});
