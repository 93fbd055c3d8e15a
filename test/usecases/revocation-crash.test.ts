import { describe, expect, it } from 'vitest';
import type { Ports } from '#ports/ports.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { revocationWorld } from '#test/fixtures/revocation-world.ts';
import { revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { sweep } from '#usecases/sweep/sweep.ts';

type World = ReturnType<typeof revocationWorld>;

/** A process that is gone answers nobody: what it awaits never comes, and nothing more of it happens. */
const never = new Promise<never>(() => {});

/** The same ports in a process that dies before (`after`: having done) its call number `at`. Says when that is. */
const dyingAt = (ports: World['ports'], at: number, after: boolean) => {
  let calls = 0;
  let died: () => void = () => {};
  const dead = new Promise<'died'>((resolve) => {
    died = () => resolve('died');
  });
  const mortal = <T extends object>(port: T): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]: [string, unknown]) => [
        name,
        typeof method !== 'function'
          ? method
          : async (...args: unknown[]): Promise<unknown> => {
              calls++;
              if (calls < at || (calls === at && after)) {
                const answer: unknown = await Reflect.apply(method, port, args);
                if (calls < at) return answer;
              }
              died();
              return never;
            },
      ]),
    ) as T;
  const { requests, ledgers, targetRoles, outbox } = ports;
  const dying = {
    ...ports,
    requests: mortal(requests),
    ledgers: mortal(ledgers),
    targetRoles: mortal(targetRoles),
    outbox: mortal(outbox),
  } as World['ports'] & Ports;
  return { dying, dead };
};

/** How many calls of a port a whole revocation makes. */
const callsOfAll = async (): Promise<number> => {
  for (let at = 1; ; at++) {
    const world = revocationWorld();
    const { dying, dead } = dyingAt(world.ports, at, false);
    if ((await Promise.race([revokeSessions({ requestId: records.grantId }, dying), dead])) !== 'died') return at - 1;
  }
};

describe('a process that dies at any call between the end of a grant and the read-back', () => {
  it.each([
    ['before the call', false],
    ['after the call had its effect', true],
  ])('%s leaves nothing that one sweep does not finish', async (_, after) => {
    const all = await callsOfAll();
    expect(all).toBeGreaterThanOrEqual(12);
    for (let at = 1; at <= all; at++) {
      const world = revocationWorld();
      const { dying, dead } = dyingAt(world.ports, at, after);
      await Promise.race([revokeSessions({ requestId: records.grantId }, dying), dead]);
      await world.clock.turn(300_000);
      await sweep(world.ports);
      expect({ at, status: world.the().status }).toEqual({ at, status: 'ended' });
      expect(world.denyOf()).toContain(records.grantId);
      expect(world.ledgers.get(records.ordersAdmin)).toMatchObject({ appliedVersion: 1 });
      expect(world.alerts.size).toBe(0);
    }
  });

  it('with the lease in its hand is outwaited by the next, which needs no sweep', async () => {
    const world = revocationWorld();
    await world.ports.ledgers.acquire(records.ordersAdmin, 15);
    const pause = async (ms: number): Promise<void> => void (await world.clock.turn(ms));
    await revokeSessions({ requestId: records.grantId }, { ...world.ports, pause });
    expect(world.the()).toMatchObject({ status: 'ended', how: 'denied' });
  });
});
