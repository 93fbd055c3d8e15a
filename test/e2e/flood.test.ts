import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Crowd, policyWithCrowd } from '#test/kit/crowd.ts';
import { until } from '#test/kit/until.ts';
import { onCall } from '../../bench/recorded-call.ts';
import { confirm, inBatches } from './lockdown-world.ts';
import { grant, mint } from './people.ts';
import { openWorld, type World } from './world.ts';

/** Each calls for a card and a direct message. */
const asks = 400;

let crowd: Crowd;
let world: World;
/** Every write of a deny so far. */
let denies = 0;
beforeAll(async () => {
  crowd = policyWithCrowd(asks);
  world = await openWorld({ policyPath: crowd.path });
  onCall(({ operation }) => {
    if (operation === 'PutRolePolicy') denies += 1;
  });
});
afterAll(async () => {
  await world.close();
  crowd.remove();
});

it('no call to Slack stands between I’m done, Revoke or a lockdown and the deny, while Slack owes 800 posts', async () => {
  const alice = await world.login('U0ALICE');
  const ends: [what: string, act: () => Promise<unknown>][] = [];
  for (const [what, label, userId] of [
    ['I’m done', 'I', 'U0ALICE'],
    ['Revoke', 'Revoke', 'U0BOB'],
  ] as const) {
    const { card, id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    await mint(world, alice, id);
    ends.push([what, () => world.click(userId, card, label)]);
  }
  const locked = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
  await mint(world, alice, locked.id);

  world.slack.takeOnePostEvery(1_000, world.clock.nowMs);
  const before = world.slack.messages.length;
  await inBatches(crowd.slackUserIds, (userId) => world.command(userId, 'orders-admin 1h fixing INC-42'));
  await until('a post of the flood', () => world.slack.messages.length > before);
  const posted = world.slack.messages.length - before;
  expect(posted).toBeLessThan(asks / 10);

  // The panic button opens a form before it is pressed; from the press on Slack answers nothing at all.
  let answerAgain: (() => void) | undefined;
  ends.push([
    'lockdown',
    () =>
      confirm(world, 'U0BOB', 'lockdown person alice', 'laptop stolen', () => {
        answerAgain = world.slack.holdBack('any');
      }),
  ]);
  for (const [what, act] of ends) {
    if (what !== 'lockdown') answerAgain = world.slack.holdBack('any');
    const [answered, written] = [world.slack.answered.length, denies];
    await act();
    await until(`the deny after ${what}`, () => denies > written);
    const since = world.slack.answered.slice(answered).filter((method) => method !== 'views.open');
    expect({ what, since }).toEqual({ what, since: [] });
    answerAgain?.();
  }
  expect(world.slack.messages.length - before).toBeLessThan(asks / 10);
});
