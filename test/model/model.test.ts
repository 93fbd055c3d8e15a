import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCommands, parametersFor } from './check.ts';
import { anyRace } from './races.ts';
import { createGround } from './world.ts';

const hold = async <T>(property: fc.IAsyncProperty<T>, usual: number): Promise<void> => {
  const parameters = parametersFor(usual);
  const details = await fc.check(property, parameters);
  const report = details.failed ? `${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}` : 'holds';
  expect(report).toBe('holds');
};

describe('I1 to I10 hold after every step', async () => {
  const ground = await createGround();

  it('of any commands, with crashes, faults and interference', () => hold(anyCommands(ground), 120), 3_600_000);

  it(
    'of any race of revocations, mints, sweeps and administrators on one role',
    () => hold(anyRace(ground), 80),
    3_600_000,
  );
});
