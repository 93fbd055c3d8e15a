import { beforeEach } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { openWorld, type World, withPorts } from '#test/kit/world.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';

/**
 * Grants of orders-admin between their use cases. Call it at the top of a test file: the world is new for each test.
 */
export const grantWorld = () => {
  const clock = turnableClock();
  const now: { world: World; duringSts: () => Promise<unknown> } = {
    world: openWorld({ clock }),
    duringSts: async () => undefined,
  };
  beforeEach(() => {
    now.world = openWorld({ clock });
    now.duringSts = async () => undefined;
  });

  const ports = (): Ports => {
    const { world } = now;
    const { assumeRole } = world.ports.tokenService;
    return withPorts(world.ports, {
      tokenService: {
        assumeRole: async (order) => {
          const credentials = await assumeRole(order);
          await now.duringSts();
          return {
            ...credentials,
            expiresAt: new Date(clock.nowMs() + order.durationSec * 1000).toISOString(),
          };
        },
      },
    });
  };
  const must = async (outcome: Promise<{ ok: boolean }>): Promise<void> => {
    const { ok } = await outcome;
    if (!ok) throw new Error('What a test is built on was refused.');
  };
  const asked = async (durationSec = 3600): Promise<string> => {
    const requestId = ports().ids.ulid();
    const ask = { personId: 'alice', entitlementId: 'orders-admin', durationSec, reason: 'fixing INC-42' };
    await must(submitRequest({ requestId, ...ask }, ports()));
    return requestId;
  };
  const approved = async (durationSec?: number): Promise<string> => {
    const requestId = await asked(durationSec);
    await must(castVote({ requestId, personId: 'bob', verdict: 'approve' }, ports()));
    return requestId;
  };
  const live = async (durationSec?: number): Promise<string> => {
    const requestId = await approved(durationSec);
    await activateGrant({ requestId }, ports());
    return requestId;
  };
  return { clock, now, ports, asked, approved, live };
};
