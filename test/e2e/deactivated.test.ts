import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { finished, lockdowns } from './lockdown-world.ts';
import { ask, grant, mint, statusOf } from './people.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const tick = { 'detail-type': 'Scheduled Event', detail: {} };
const byDaypass = { id: 'daypass', name: 'daypass' };

describe('somebody who is deactivated while Slack’s event about it is lost', () => {
  it('neither approves nor asks in Slack, hears why, and is locked down', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    const [alice, carol] = [await world.login('U0ALICE'), await world.login('U0CAROL')];
    world.slack.accounts.set('U0BOB', { deleted: true });
    await world.click('U0BOB', card, 'Approve');
    const told = await until('words to Bob', () => world.slack.ephemerals.find(({ user }) => user === 'U0BOB'));
    expect(told.text).toContain('Slack says that your account is deactivated. You are locked down, by daypass since');
    expect((await world.command('U0BOB', 'orders-read 30m fixing INC-42')).text).toContain(
      'Slack says that your account is deactivated',
    );
    expect(await statusOf(world, alice, id)).toBe('pending');
    expect((await finished(world, carol)).begunBy).toEqual(byDaypass);
  });

  it('is found by the clock, and their session, login and asks are over', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const [alice, bob] = [await world.login('U0ALICE'), await world.login('U0BOB')];
    const mine = await mint(world, alice, id);
    expect(await world.readOrder(mine)).toBe('12345');
    world.slack.accounts.set('U0ALICE', { is_restricted: true });
    await world.stack.invoke('check-people', tick);
    expect((await finished(world, bob)).begunBy).toEqual(byDaypass);
    expect(await world.readOrder(mine)).toBe('AccessDeniedException');
    const again = await world.api(alice, 'POST', '/requests', { entitlement: 'orders-read', reason: 'INC-42' });
    expect(again.status).toBe(403);
    expect((await world.api(alice, 'POST', `/requests/${id}/credentials`)).status).toBe(403);
    await world.stack.invoke('check-people', tick);
    expect(await lockdowns(world, bob)).toHaveLength(1);
  });
});
