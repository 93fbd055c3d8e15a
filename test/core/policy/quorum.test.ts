import { expect, it } from 'vitest';
import { quorumOf } from '#core/policy/quorum.ts';

const two = { verdict: 'needs-approval', count: 2, approvers: ['bob', 'carol', 'erin'], groups: ['leads'] } as const;
const approve = (personId: string) => ({ personId, verdict: 'approve' }) as const;

it('says of each stage how far it is, who approved and who is left', () => {
  expect(quorumOf(two, [])).toEqual({
    stages: [{ needed: 2, given: 0, missing: 2, by: [], left: ['bob', 'carol', 'erin'], groups: ['leads'] }],
    enough: false,
  });
  expect(quorumOf(two, [approve('carol')])).toEqual({
    stages: [{ needed: 2, given: 1, missing: 1, by: ['carol'], left: ['bob', 'erin'], groups: ['leads'] }],
    enough: false,
  });
  expect(quorumOf(two, [approve('carol'), approve('bob'), approve('erin')])).toEqual({
    stages: [{ needed: 2, given: 3, missing: 0, by: ['carol', 'bob', 'erin'], left: [], groups: ['leads'] }],
    enough: true,
  });
});

it('counts people, not votes, and a denial is no approval', () => {
  expect(quorumOf(two, [approve('bob'), approve('bob')])).toMatchObject({ enough: false, stages: [{ given: 1 }] });
  expect(quorumOf(two, [approve('bob'), { personId: 'carol', verdict: 'deny' }])).toMatchObject({
    enough: false,
    stages: [{ given: 1, left: ['erin'] }],
  });
});

it('has no stage where no approval is needed, or none would help', () => {
  expect(quorumOf({ verdict: 'allowed' }, [])).toEqual({ stages: [], enough: true });
  expect(quorumOf({ verdict: 'refused' }, [approve('bob'), approve('carol')])).toEqual({ stages: [], enough: false });
});
