import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { brokerIn, isBroker, openCloud, refuseBroker } from '#local/node/cloud.ts';
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
  [user, user, false],
  [role, 'arn:aws:iam::111111111111:root', false],
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

it('refuses to run under an IAM user, whoever the policy names, before it looks at anything else', async () => {
  const sts = createServer((_, response) => {
    const Arn = `<Arn>${user}</Arn><UserId>AIDAEXAMPLE</UserId><Account>111111111111</Account>`;
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${Arn}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
  await new Promise<void>((ready) => sts.listen(0, '127.0.0.1', ready));
  const { port } = sts.address() as AddressInfo;
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'made-up');
  vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${port}`);
  for (const broker of [role, user]) {
    const opened = openCloud({ current: async () => withBroker(broker) });
    await expect(opened).rejects.toThrow(
      `are those of ${user}. With the keys of an IAM user a session becomes a console`,
    );
  }
  vi.unstubAllEnvs();
  await new Promise((closed) => sts.close(closed));
});
