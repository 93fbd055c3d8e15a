import { beforeEach, describe, expect, it } from 'vitest';
import type { LockdownScope } from '#core/lockdown/lockdown.ts';
import { ask, deliver, lift, lockDown, mint } from './acts.ts';
import { mustFinish } from './check.ts';
import { cleanSweep, flow, toEnd, upTo } from './flow.ts';
import { grant, grantAndMint } from './races.ts';
import { createGround, freshWorld, type World } from './world.ts';

const ground = await createGround();
let world: World;
beforeEach(() => {
  world = freshWorld(ground);
});

const working = (requestId: string): boolean[] =>
  world.observed.issued.filter(({ grantId }) => grantId === requestId).map(world.cloud.works);
const status = (requestId: string): string | undefined => world.memory.requests.get(requestId)?.status;
const ofAlice: LockdownScope = { kind: 'person', personId: 'alice' };
const begins = async (scope: LockdownScope): Promise<string> => {
  const { lockdownId, actor } = lockDown(world, { scope, personId: 'bob' });
  await toEnd(world, actor);
  return lockdownId;
};
const isOk = (value: unknown): boolean => (value as { ok: boolean }).ok;

describe('a lockdown', () => {
  it('of a person ends what is theirs, on every role, and nothing of anybody else', async () => {
    const [one, two] = [
      await grantAndMint(world, 'alice', 'orders-admin'),
      await grantAndMint(world, 'alice', 'orders-read'),
    ];
    const other = await grantAndMint(world, 'carol', 'orders-admin');
    const id = await begins(ofAlice);
    await flow(world);
    expect([status(one.requestId), status(two.requestId), status(other.requestId)]).toEqual([
      'ended',
      'ended',
      'active',
    ]);
    expect([one, two, other].flatMap(({ requestId }) => working(requestId))).toEqual([false, false, true]);
    expect(world.memory.lockdowns.get(id)).toMatchObject({ status: 'in-force', finished: {} });
    await mustFinish(world);
  });

  it('refuses what it covers until it is lifted, and then asks and mints as before', async () => {
    const role: LockdownScope = { kind: 'role', accountId: '222222222222', roleName: 'daypass-jit-orders-read' };
    const before = await grantAndMint(world, 'carol', 'orders-read');
    const lockdownId = await begins(role);
    await flow(world);
    const refused = ask(world, { personId: 'alice', entitlementId: 'orders-read', durationSec: 3600 });
    await toEnd(world, refused.actor);
    expect(['refused', undefined]).toContain(status(refused.requestId));
    expect(working(before.requestId)).toEqual([false]);
    await toEnd(world, lift(world, { lockdownId, personId: 'bob' }));
    world.clock.turn(31_000);
    const after = await grantAndMint(world, 'alice', 'orders-read');
    expect(working(after.requestId)).toEqual([true]);
    expect(working(before.requestId)).toEqual([false]);
    await mustFinish(world);
  });

  it('that begins while STS answers keeps the credentials from being handed out, and ends their session', async () => {
    const { requestId } = await grant(world, 'alice', 'orders-admin');
    const slow = mint(world, { requestId, personId: 'alice' });
    await upTo(world, slow, 'tokenService.assumeRole');
    await begins(ofAlice);
    await flow(world);
    await toEnd(world, slow);
    expect(isOk(slow.value)).toBe(false);
    expect([status(requestId), working(requestId)]).toEqual(['ended', [false]]);
    await mustFinish(world);
  });

  it('whose event was lost, whose execution was stopped or whose process died at any port call is finished by the sweeper', async () => {
    for (let call = 1; call <= 40; call++) {
      world = freshWorld(ground);
      const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
      const id = await begins(ofAlice);
      const found = world.bus.pending().find((each) => 'lockdownId' in each);
      if (!found) throw new Error('Nothing starts the lockdown.');
      await toEnd(world, deliver(world, found));
      const dies = world.start('revoke-locked', 'revoke-locked', { [call]: 'crash-after' }, (ports) =>
        world.does.revokeLocked({ lockdownId: id, subjects: [requestId] }, ports),
      );
      await toEnd(world, dies);
      world.executions.stop(id);
      for (const lost of world.bus.pending()) world.bus.taken(lost);
      world.clock.turn(61_000);
      await cleanSweep(world);
      expect([call, status(requestId), working(requestId)]).toEqual([call, 'ended', [false]]);
      await mustFinish(world);
      if (dies.outcome === 'done') return;
    }
    throw new Error('A slice never came to its end.');
  });

  it('a grant that a lockdown denied, and that was lifted before the grant was ended, is not denied for ever', async () => {
    const { requestId } = await grantAndMint(world, 'alice', 'orders-admin');
    const { lockdownId, actor } = lockDown(world, { scope: { kind: 'person', personId: 'alice' }, personId: 'bob' });
    await toEnd(world, actor);
    const subjects = [requestId];
    const dies = world.start('revoke-locked', 'revoke-locked', { 'ledgers.record': 'crash-after' }, (ports) =>
      world.does.revokeLocked({ lockdownId, subjects }, ports),
    );
    await toEnd(world, dies);
    await toEnd(world, lift(world, { lockdownId, personId: 'bob' }));
    await flow(world);
    world.clock.turn(61_000);
    await cleanSweep(world);
    const request = world.memory.requests.get(requestId);
    const again = mint(world, { requestId, personId: 'alice' });
    await toEnd(world, again);
    // Either it goes on and what it mints works, or it has ended and mints nothing.
    const minted = (again.value as { ok: boolean }).ok;
    expect([request?.status, minted, working(requestId).at(-1)]).toEqual(
      request?.status === 'active' ? ['active', true, true] : ['ended', false, false],
    );
  });

  it('that is looked at again later, as far as it was, is told by another event: one id says one thing', async () => {
    await grantAndMint(world, 'alice', 'orders-admin');
    const lockdownId = await begins(ofAlice);
    for (let look = 0; look < 3; look++) {
      world.clock.turn(1_000);
      const looks = world.start('find-locked', 'FindLocked', {}, (ports) =>
        world.does.findLocked({ lockdownId }, ports),
      );
      await toEnd(world, looks);
      expect(looks.outcome).toBe('done');
    }
    world.look();
    expect(world.violation()).toBeUndefined();
    await mustFinish(world);
  });
});
