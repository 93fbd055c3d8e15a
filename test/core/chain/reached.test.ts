import { expect, it } from 'vitest';
import { reachOf } from '#core/chain/reach.ts';
import { reachedFrom } from '#core/chain/steps.ts';
import type { Chaining } from '#core/policy/policy.ts';
import { samplePolicy } from '#test/kit/policy.ts';

const [sample] = samplePolicy().entitlements;
if (!sample) throw new Error('There is no entitlement.');
const arn = (name: string): string => `arn:aws:iam::222222222222:role/daypass-jit-${name}`;
const lends = (id: string, role: string, chaining: Chaining = false) => ({
  ...sample,
  id,
  accountId: '222222222222',
  roleName: `daypass-jit-${role}`,
  chaining,
});

it('reaches every lent role over however many steps, its own too where a step leads back, each once', () => {
  const entitlements = [
    lends('a', 'a', { into: [arn('b'), 'arn:aws:iam::444444444444:role/reports'] }),
    lends('b', 'b', { into: [arn('c')] }),
    // The role of b under another entitlement: a session that came to it may do what the role may.
    lends('b-too', 'b', { into: [arn('d')] }),
    lends('c', 'c', { into: [arn('A')] }),
    lends('d', 'd'),
    lends('e', 'e', { into: [arn('a')] }),
  ];
  expect(reachedFrom({ entitlements }, 'a')).toEqual([arn('a'), arn('b'), arn('c'), arn('d')]);
  expect(reachedFrom({ entitlements }, 'd')).toEqual([]);
  // b-too itself may take the first step of its own alone.
  expect(reachedFrom({ entitlements }, 'b-too')).toEqual([arn('d')]);
});

it('leaves what lives longest of all that can be got on its own role and on those that it reaches', () => {
  const entitlements = [
    lends('a', 'a', { into: [arn('b')] }),
    lends('b', 'b', { into: [arn('c')] }),
    { ...lends('c', 'c'), opens: { 'artifact-token': 'Builds need it.' } },
    lends('d', 'd'),
  ];
  const [a, , c, d] = entitlements;
  if (!a || !c || !d) throw new Error('There are four.');
  expect(reachOf({ entitlements }, a)).toEqual({ into: [arn('b'), arn('c')], leavesForMs: 12 * 3_600_000 });
  expect(reachOf({ entitlements }, c)).toEqual({ into: [], leavesForMs: 12 * 3_600_000 });
  expect(reachOf({ entitlements }, d)).toEqual({ into: [], leavesForMs: 0 });
});
