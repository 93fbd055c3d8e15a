import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readPolicy } from '#core/policy/read.ts';

const sample = readFileSync(new URL('../../../access.yaml', import.meta.url), 'utf8');
const hubLine = 'id: "111111111111"';
const broker = 'arn:aws:iam::111111111111:role/daypass-node';
const withBroker = (arn: string, line = hubLine): string => sample.replace(line, `${line}\n    broker: ${arn}`);

const problemsOf = (text: string): string[] => {
  const read = readPolicy(text);
  return read.ok ? [] : read.problems.map(({ message }) => message);
};

it('a hub may name the role under which a single node runs', () => {
  const read = readPolicy(withBroker(broker));
  expect(read.ok && read.policy.accounts[0]).toEqual({ id: '111111111111', name: 'hub', broker });
  expect(problemsOf(withBroker('arn:aws:iam::111111111111:role/nodes/daypass-node'))).toEqual([]);
});

it('a policy without a broker has the digest that it had before there were any', () => {
  const read = readPolicy(sample);
  expect(read.ok && JSON.stringify(read.policy)).not.toContain('broker');
});

it.each([
  ['of another account', 'arn:aws:iam::222222222222:role/daypass-node', hubLine, 'The broker is in another account.'],
  ['of a target account', broker, 'id: "222222222222"', 'production is not the hub, so it has no broker.'],
])('a broker %s is refused', (_, arn, line, message) => {
  expect(problemsOf(withBroker(arn, line))).toEqual([message]);
});

it('an IAM user is no broker: its sessions become console sessions that outlive their grant', () => {
  expect(problemsOf(withBroker('arn:aws:iam::111111111111:user/nodes/daypass-node'))).toEqual([
    'The broker is an IAM user. With the keys of an IAM user a session becomes a console session of up to 12 hours, whatever its grant says.',
  ]);
});

it.each([
  'daypass-node',
  'arn:aws:iam::111111111111:root',
  'arn:aws:sts::111111111111:assumed-role/daypass-node/i-1',
  'arn:aws:iam::111111111111:role/*',
])('%s is no broker: it must be one role', (arn) => {
  expect(problemsOf(withBroker(arn))).toHaveLength(1);
});
