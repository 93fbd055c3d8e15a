import { describe, expect, it } from 'vitest';
import { judgeCanary, waitFor } from '#cli/doctor/canary.ts';
import { turnableClock } from '#local/clock.ts';
import { memoryCanaries } from '#test/kit/stores/canaries.ts';
import { emptyMemory } from '#test/kit/stores/memory.ts';

const which = { accountId: '222222222222', sessionName: 'doctor-1' };

describe('the canary', () => {
  it('that arrives is told with how long its event took', async () => {
    const clock = turnableClock();
    const canaries = memoryCanaries(emptyMemory());
    let rests = 0;
    const rest = async (): Promise<void> => {
      await clock.turn(2_000);
      if (++rests < 3) return;
      const at = '2026-11-22T10:00:00Z';
      await canaries.arrived({ ...which, at, arrivedAt: '2026-11-22T10:00:07.400Z' });
    };
    expect(await waitFor(which, { canaries, clock, rest })).toBe(7_400);
    expect(judgeCanary(7_400)).toEqual({
      status: 'ok',
      found: 'An assumption of daypass-canary reached the detector after 7 s.',
    });
  });

  it('of another look is not taken for it, and after five minutes on the clock nobody waits any more', async () => {
    const clock = turnableClock();
    const begunMs = clock.nowMs();
    const canaries = memoryCanaries(emptyMemory());
    const at = '2026-11-22T10:00:00.000Z';
    await canaries.arrived({ ...which, sessionName: 'doctor-2', at, arrivedAt: at });
    await canaries.arrived({ ...which, accountId: '333333333333', at, arrivedAt: at });
    expect(await waitFor(which, { canaries, clock, rest: () => clock.turn(2_000) })).toBeUndefined();
    expect(clock.nowMs() - begunMs).toBe(300_000);
    expect(judgeCanary(undefined)).toMatchObject({
      status: 'failure',
      found: expect.stringContaining('did not reach the detector within 300 s'),
      todo: expect.stringMatching(
        /trail.*daypass-forward-\*.*daypass-forward-dead-letters.*default bus.*daypass-detect/,
      ),
    });
  });
});
