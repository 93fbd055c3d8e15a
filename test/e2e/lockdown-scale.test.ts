import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from './actors.ts';
import { confirm, finished, hold, inBatches, policyWithRoles } from './lockdown-world.ts';
import { openWorld, type World } from './world.ts';

const roles = 20;
const grantsPerRole = 10;

let policy: ReturnType<typeof policyWithRoles>;
let world: World;
beforeEach(async () => {
  policy = policyWithRoles(roles);
  world = await openWorld({ policyPath: policy.path });
});
afterEach(async () => {
  await world.close();
  policy.remove();
  expect(world.faults).toEqual([]);
});

it('a lockdown of a person with 200 live grants over 20 roles in 3 accounts ends all of them, verified, and nobody else’s', async () => {
  const t0 = performance.now();
  const lap = (what: string) => console.error(what, Math.round(performance.now() - t0));
  const [alice, bob] = [await world.login('U0ALICE'), await world.login('U0BOB')];
  const wanted = Array.from({ length: grantsPerRole }, () => policy.entitlements).flat();
  const mine = await hold(world, alice, wanted);
  lap('held');
  const others = await hold(world, bob, policy.entitlements);
  const before = await inBatches(mine, ({ credentials }) => world.readOrder(credentials));
  expect(new Set(before).has('AccessDeniedException')).toBe(false);
  lap('checked');

  const { view } = await confirm(world, 'U0BOB', 'lockdown person alice', 'laptop stolen');
  expect(view).toContain('*200 grants* with *200 live sessions*');
  const { tally } = await finished(world, bob);
  lap('finished');
  expect(tally).toMatchObject({ grants: 200, verified: 200, closed: 0, failed: [] });
  const after = await inBatches(mine, ({ credentials }) => world.readOrder(credentials));
  expect(new Set(after)).toEqual(new Set(['AccessDeniedException']));
  const theirs = await inBatches(others, ({ credentials }) => world.readOrder(credentials));
  expect(new Set(theirs).has('AccessDeniedException')).toBe(false);
  lap('verified');

  const cards = world.cards('C0SECURITY').filter(({ text }) => text.includes('Lockdown of Alice'));
  expect(cards).toHaveLength(1);
  const thread = world.slack.messages.filter(({ threadTs }) => threadTs !== undefined && threadTs === cards[0]?.ts);
  await until('the final count', () =>
    world.slack.messages.some(({ threadTs, text }) => threadTs === cards[0]?.ts && text.includes('Done: 200 of 200')),
  );
  expect(thread.length).toBeGreaterThan(0);
  lap('end');
}, 180_000);
