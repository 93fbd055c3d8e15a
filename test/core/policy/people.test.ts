import { describe, expect, it } from 'vitest';
import { groupsOf, isIn, nameOf, peopleIn, personByEmail, personById, personBySlack } from '#core/policy/people.ts';
import { samplePolicy } from '#test/kit/policy.ts';

const policy = samplePolicy(['slack: U0ALICE', 'slack: [U0ALICE, W1ALICE]']);

describe('people', () => {
  it('are one person by id, by each Slack account and by e-mail', () => {
    const found = [
      personById(policy, 'alice'),
      personBySlack(policy, 'T0DAYPASS', 'U0ALICE'),
      personBySlack(policy, 'T0DAYPASS', 'W1ALICE'),
      personByEmail(policy, 'Alice@Example.com'),
    ];
    expect(found.map((person) => person?.id)).toEqual(['alice', 'alice', 'alice', 'alice']);
  });

  it('are nobody from another workspace, under another id, and by the names of object members', () => {
    expect([
      personBySlack(policy, 'T0OTHER', 'U0ALICE'),
      personBySlack(policy, '', 'U0ALICE'),
      personBySlack(policy, 'T0DAYPASS', 'u0alice'),
      personById(policy, 'Alice'),
      personById(policy, 'constructor'),
      personByEmail(policy, 'alice@example.org'),
    ]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
  });

  it('are in their groups', () => {
    expect(groupsOf(policy, 'bob')).toEqual(['developers', 'leads']);
    expect(groupsOf(policy, 'dave')).toEqual([]);
    expect(isIn(policy, 'alice', ['leads', 'developers'])).toBe(true);
    expect(isIn(policy, 'alice', ['leads'])).toBe(false);
    expect(isIn(policy, 'alice', [])).toBe(false);
    expect(isIn(policy, 'alice', ['constructor'])).toBe(false);
    expect(peopleIn(policy, ['leads', 'developers']).map(({ id }) => id)).toEqual(['alice', 'bob', 'carol']);
  });

  it('who left are in no group, whatever the groups still say', () => {
    const later = { ...policy, people: policy.people.filter(({ id }) => id !== 'bob') };
    expect(groupsOf(later, 'bob')).toEqual([]);
    expect(isIn(later, 'bob', ['leads'])).toBe(false);
    expect(peopleIn(later, ['leads']).map(({ id }) => id)).toEqual(['carol']);
  });

  it('have a name, or their id once they are gone', () => {
    expect([nameOf(policy, 'carol'), nameOf(policy, 'erased')]).toEqual(['Carol', 'erased']);
  });
});
