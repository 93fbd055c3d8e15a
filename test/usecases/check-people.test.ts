import { describe, expect, it } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import type { Person } from '#core/policy/policy.ts';
import type { Standing } from '#ports/chat.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { openWorld } from '#test/kit/world.ts';
import { checkPeople } from '#usecases/lockdown/check-people.ts';

const gone: Standing = { is: 'no-member', because: 'is deactivated' };
const policy = samplePolicy();

/** Daypass with a Slack of which only accounts are known. */
const openChecked = (people: readonly Person[] = policy.people) => {
  const { ports, clock, published, logged } = openWorld({ policy: { ...policy, people: [...people] } });
  const accounts = new Map<string, Standing | Error>();
  const askedOf: string[] = [];
  const standingOf = async (userId: string): Promise<Standing> => {
    askedOf.push(userId);
    const standing = accounts.get(userId) ?? { is: 'member' };
    if (standing instanceof Error) throw standing;
    return standing;
  };
  return {
    clock,
    published,
    logged,
    accounts,
    askedOf,
    check: () => checkPeople({ ...ports, chat: { standingOf } }),
    lockedDown: async () =>
      (await ports.lockdowns.register()).lockdowns.map(({ scope, begunBy, reason }) => ({ scope, begunBy, reason })),
  };
};

const [template] = policy.people;
const person = (id: string, ...slackUserIds: string[]): Person => ({
  ...(template as Person),
  id,
  name: id,
  slackUserIds,
});

describe('the check of people', () => {
  it('locks down whoever Slack says is no member, as its event does, once', async () => {
    const world = openChecked();
    world.accounts.set('U0BOB', gone);
    await world.check();
    await world.check();
    expect(await world.lockedDown()).toEqual([
      {
        scope: { kind: 'person', personId: 'bob' },
        begunBy: 'daypass',
        reason: 'Slack says that the account U0BOB of Bob is deactivated.',
      },
    ]);
    expect(world.published.map(({ name }) => name)).toEqual(['lockdown.begun']);
  });

  it('looks at every account of a person, and at nobody who has none', async () => {
    const world = openChecked([person('erin', 'U0ERIN', 'U0ERIN2'), person('robot')]);
    world.accounts.set('U0ERIN2', { is: 'no-member', because: 'is a guest’s' });
    await world.check();
    expect(world.askedOf).toEqual(['U0ERIN', 'U0ERIN2']);
    expect(await world.lockedDown()).toMatchObject([{ scope: { personId: 'erin' } }]);
    const nobody = openChecked([person('robot')]);
    await nobody.check();
    expect(nobody.askedOf).toEqual([]);
  });

  it('asks of a hundred accounts every five minutes at most, and of each in its turn', async () => {
    const world = openChecked(Array.from({ length: 250 }, (_, index) => person(`p${index}`, `U${index}`)));
    const turns: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const before = world.askedOf.length;
      await world.check();
      turns.push(world.askedOf.length - before);
      await world.clock.turn(300_000);
    }
    expect(turns.sort()).toEqual([83, 83, 84]);
    expect(new Set(world.askedOf).size).toBe(250);
  });

  it('locks nobody down whom Slack does not show, and tells their ids', async () => {
    const world = openChecked();
    world.accounts.set('U0BOB', { is: 'unknown', because: 'is none that it shows Daypass' });
    await world.check();
    expect(await world.lockedDown()).toEqual([]);
    expect(world.logged()).toContain('"unseen":["U0BOB"]');
  });

  it('fails where Slack does not answer, so that it is tried again and an alarm rings', async () => {
    const world = openChecked();
    world.accounts.set('U0ALICE', new DaypassError('SlackUnavailable', 'Slack is away.'));
    await expect(world.check()).rejects.toThrow('Slack is away.');
    expect(world.askedOf).toEqual(['U0ALICE']);
    world.accounts.set('U0ALICE', gone);
    await world.check();
    expect(await world.lockedDown()).toHaveLength(1);
  });
});
