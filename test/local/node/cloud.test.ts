import { expect, it } from 'vitest';
import { brokerIn, isBroker, refuseBroker } from '#local/node/cloud.ts';
import { policy } from '#test/fixtures/alert-world.ts';

const role = 'arn:aws:iam::111111111111:role/nodes/daypass-node';
const user = 'arn:aws:iam::111111111111:user/daypass-node';
const withBroker = (broker: string) => ({
  ...policy,
  accounts: policy.accounts.map((account) => (account.externalId === undefined ? { ...account, broker } : account)),
});

it.each([
  [role, 'arn:aws:sts::111111111111:assumed-role/daypass-node/i-0123456789abcdef0', true],
  [role, 'arn:aws:sts::222222222222:assumed-role/daypass-node/i-0123456789abcdef0', false],
  [role, 'arn:aws:sts::111111111111:assumed-role/daypass-node-2/i-0123456789abcdef0', false],
  [role, 'arn:aws:sts::111111111111:assumed-role/nodes/daypass-node', false],
  [role, user, false],
  [user, user, true],
  [user, 'arn:aws:iam::111111111111:user/daypass-node-2', false],
  [user, 'arn:aws:sts::111111111111:assumed-role/daypass-node/x', false],
  [user, 'arn:aws:iam::111111111111:root', false],
])('with the broker %s, the caller %s: %s', (broker, caller, expected) => {
  expect(isBroker(broker, caller)).toBe(expected);
});

it('needs the policy to name the broker', () => {
  expect(brokerIn(withBroker(role))).toBe(role);
  expect(() => brokerIn(policy)).toThrow('names no broker');
});

it('refuses a node’s policy where there is no node, since its own functions would be strangers', () => {
  expect(() => refuseBroker(withBroker(role), false)).toThrow('Start with --aws real');
  refuseBroker(withBroker(role), true);
  refuseBroker(policy, false);
});
