import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { confirm, finished, hold, inBatches, lend, mintAll, policyWithRoles } from './lockdown-world.ts';
import { openWorld, type World } from './world.ts';

const roles = 20;
const grants = 200;

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
  const { entitlements } = policy;
  const [alice, bob] = [await world.login('U0ALICE'), await world.login('U0BOB')];
  const many = Array.from({ length: grants - roles }, (_, index) => entitlements[index % roles] ?? '');
  const mine = [
    ...(await hold(world, alice, entitlements)),
    ...(await mintAll(world, alice, await lend(world, policy.path, 'alice', many))),
  ];
  const others = await hold(world, bob, entitlements);
  const usable = await inBatches(mine.slice(0, roles), ({ credentials }) => world.readOrder(credentials));
  expect(usable).not.toContain('AccessDeniedException');

  const { view } = await confirm(world, 'U0BOB', 'lockdown person alice', 'laptop stolen');
  expect(view).toContain('*200 grants* with *200 live sessions*');
  const { tally } = await finished(world, bob);
  expect(tally).toMatchObject({ grants, verified: grants, closed: 0, failed: [] });
  const after = await inBatches(mine, ({ credentials }) => world.readOrder(credentials));
  expect([...new Set(after)]).toEqual(['AccessDeniedException']);
  const theirs = await inBatches(others, ({ credentials }) => world.readOrder(credentials));
  expect(theirs).not.toContain('AccessDeniedException');

  const cards = world.cards('C0SECURITY').filter(({ text }) => text.includes('Lockdown of Alice'));
  expect(cards).toHaveLength(1);
  await until('the final count in its thread', () =>
    world.slack.messages.some(({ threadTs, text }) => threadTs === cards[0]?.ts && text.includes('200 of 200 grants')),
  );
  await until('the card to say so', () => cards[0]?.text.includes('200 of 200 grants verified'));

  const refused = await world.command('U0ALICE', `${entitlements[0]} 30m fixing INC-42`);
  expect(refused.text).toContain('You are locked down, by Bob since');
}, 180_000);
