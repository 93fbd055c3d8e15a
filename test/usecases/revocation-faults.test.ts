import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { attempts, type Fault, revocationWorld, tryAsTheMachine } from '#test/fixtures/revocation-world.ts';
import { reportRevocationFailure } from '#usecases/revoke/report-revocation-failure.ts';

const passing = (fault: Fault, times: number): Fault[] => Array.from({ length: times }, () => fault);

/** The grant ended, IAM misbehaves, the machine tries and gives up or not, the sweeper comes. */
const lived = async (faults: Fault[]) => {
  const world = revocationWorld();
  world.faults.push(...faults);
  const tried = await tryAsTheMachine(world.revoke);
  if (tried === 'given-up') {
    await reportRevocationFailure({ requestId: records.grantId, error: 'RoleUnavailable' }, world.ports);
  }
  return { ...world, tried };
};

describe('case 51: a revocation while IAM', () => {
  it.each([1, 2, attempts - 1])('throttles %i times holds without anybody’s help', async (times) => {
    const { tried, the, denyOf } = await lived(passing('throttled', times));
    expect(tried).toBe('done');
    expect(the()).toMatchObject({ status: 'ended', how: 'denied' });
    expect(denyOf()).toContain(records.grantId);
  });

  it.each<Fault>(['throttled', 'denied', 'timeout-before', 'concurrent-modification', 'lost'])(
    'goes on to be %s is visibly failed after six attempts, and the sweeper finishes it when IAM recovers',
    async (fault) => {
      const world = await lived(passing(fault, attempts));
      expect(world.tried).toBe('given-up');
      expect(world.calls.writes).toBe(attempts);
      expect(world.the()).toMatchObject({ status: 'ending', failure: { attempts: 1 } });
      expect(world.names()).toContain('grant.revocation-failed');
      await world.sweepLater();
      expect(world.the()).toMatchObject({ status: 'ended', how: 'denied' });
      expect(world.denyOf()).toContain(records.grantId);
      expect(world.figures.filter(([metric]) => metric === 'RevocationsOutstanding')).toEqual([
        ['RevocationsOutstanding', 0],
      ]);
    },
  );

  it('times out after having applied is verified by reading, and not written a second time', async () => {
    const { tried, calls, the } = await lived(['timeout-after-applied']);
    expect(tried).toBe('done');
    expect(calls.writes).toBe(1);
    expect(the()).toMatchObject({ status: 'ended', how: 'denied' });
  });

  it('says LimitExceeded beside other policies takes what room there is', async () => {
    const world = revocationWorld();
    world.others.size = 9_900;
    await world.revoke();
    expect(world.denyOf().length).toBeLessThanOrEqual(340);
    expect(world.the()).toMatchObject({ status: 'ended' });
  });

  it('has no room at all is visibly failed, and says what to make smaller', async () => {
    const world = revocationWorld();
    world.others.size = 10_200;
    await expect(world.revoke()).rejects.toThrow(/Make them smaller/);
    world.others.size = 0;
    await world.sweepLater();
    expect(world.the()).toMatchObject({ status: 'ended', how: 'denied' });
  });

  it('says NoSuchEntity is over: a session of a deleted role can do nothing, and that is how it ended', async () => {
    const { tried, the, ledgers } = await lived(['role-gone']);
    expect(tried).toBe('done');
    expect(the()).toMatchObject({ status: 'ended', how: 'role-gone' });
    expect(ledgers.get(records.ordersAdmin)).toMatchObject({ roleGone: true });
  });

  it('says NoSuchEntity puts the deny on a role that is made anew under the same name', async () => {
    const world = await lived(['role-gone']);
    await world.sweepLater();
    expect(world.denyOf()).toContain(records.grantId);
    expect(world.alerts.size).toBe(0);
  });

  it('does anything for a while ends verified or visibly failed, never in between, and the sweeper finishes it', async () => {
    const fault = fc.constantFrom<Fault>(
      'throttled',
      'denied',
      'timeout-after-applied',
      'timeout-before',
      'lost',
      'concurrent-modification',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 14 }), async (faults) => {
        const world = await lived(faults);
        const { status } = world.the();
        if (world.tried === 'done') expect(world.denyOf()).toContain(records.grantId);
        expect(status).toBe(world.tried === 'done' ? 'ended' : 'ending');
        for (let sweeps = 0; sweeps < 9 && world.the().status !== 'ended'; sweeps++) await world.sweepLater();
        expect(world.the().status).toBe('ended');
        expect(world.denyOf()).toContain(records.grantId);
      }),
      { numRuns: 60 },
    );
  });
});

describe('case 64: a revocation that failed six times', () => {
  it('stays visible with its first time, counts on, and pages until it holds', async () => {
    const world = await lived(passing('throttled', attempts + 2));
    const since = '2026-11-22T10:05:01.000Z';
    expect(world.the()).toMatchObject({ status: 'ending', failure: { since, attempts: 1 } });
    await world.sweepLater();
    expect(world.the()).toMatchObject({ status: 'ending', failure: { since, attempts: 2 } });
    expect(world.figures.at(-1)).toEqual(['RevocationsOutstanding', 1]);
    await world.sweepLater();
    await world.sweepLater();
    expect(world.the()).toMatchObject({ status: 'ended' });
    expect(world.figures.at(-1)).toEqual(['RevocationsOutstanding', 0]);
  });
});

describe('case 62, 63: the timer', () => {
  it('that comes twice, or late beside the sweeper, ends the grant once', async () => {
    const world = revocationWorld();
    await Promise.all([world.revoke(), world.revoke(), world.sweepLater()]);
    await world.revoke();
    expect(world.the()).toMatchObject({ status: 'ended', how: 'denied' });
    expect(world.names().filter((name) => name === 'grant.ended')).toHaveLength(1);
    expect(world.calls.writes).toBe(1);
  });

  it('that never comes is the sweeper’s', async () => {
    const world = revocationWorld();
    await world.sweepLater();
    expect(world.the()).toMatchObject({ status: 'ended', how: 'denied' });
  });
});

it('case 65: a pause of hours over the end changes nothing but the moment in which it is noticed', async () => {
  const world = revocationWorld();
  await world.clock.turn(7 * 3_600_000);
  await world.revoke();
  expect(world.the()).toMatchObject({ status: 'ended', how: 'sessions-expired', end: { reason: 'expired' } });
  expect(world.calls.writes).toBe(0);
});
