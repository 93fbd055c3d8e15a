import { beforeEach, expect, it } from 'vitest';
import { ask, deliver, vote } from './acts.ts';
import { mustFinish } from './check.ts';
import { flow, toEnd } from './flow.ts';
import { createGround, freshWorld, type World } from './world.ts';

const ground = await createGround();
let world: World;
beforeEach(() => {
  world = freshWorld(ground);
});

const statusOf = (requestId: string) => world.memory.requests.get(requestId)?.status;

it('an approval that somebody invents on the bus opens nothing, and the request goes on waiting for its votes', async () => {
  const { requestId, actor } = ask(world, { personId: 'alice', entitlementId: 'orders-admin', durationSec: 3_600 });
  await toEnd(world, actor);
  await flow(world);
  await toEnd(world, deliver(world, { to: 'open-gate', requestId, gate: 'AwaitApproval', approved: true }));
  await flow(world);
  expect(statusOf(requestId)).toBe('pending');
  await toEnd(world, vote(world, { requestId, personId: 'bob', verdict: 'approve' }));
  await flow(world);
  expect(statusOf(requestId)).toBe('active');
  await mustFinish(world);
});
