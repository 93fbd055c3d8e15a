import { expect, it } from 'vitest';
import { judgeDeployed } from '#cli/doctor/checks/policy.ts';

const [here, other] = ['a'.repeat(64), 'b'.repeat(64)];
const inForce = (policyDigest: string | undefined, policyUnreadableSince?: string) => ({
  policyDigest,
  policyUnreadableSince,
});

it('is well only where the policy in force is the one that is here', () => {
  expect(judgeDeployed(here, inForce(here))).toEqual({ status: 'ok', found: 'The policy in force is this one.' });
});

it('fails where another policy is in force: whom the one here removes may still ask there', () => {
  expect(judgeDeployed(here, inForce(other))).toEqual({
    status: 'failure',
    found:
      'Another policy is in force: bbbbbbbbbbbb, and here is aaaaaaaaaaaa. Whoever was removed here may still ask and approve there.',
    todo: 'Package and deploy the one from here, or look at the one that was deployed with --policy.',
  });
});

it.each([
  ['the same as the one here', here],
  ['not known, since the one here cannot be read either', undefined],
])('fails where what is written there cannot be read, also where the one in force is %s', (_, digest) => {
  expect(judgeDeployed(digest, inForce(here, '2026-12-01T10:00:00.000Z'))).toMatchObject({
    status: 'failure',
    found: expect.stringMatching(
      /^Since 2026-12-01T10:00:00.000Z the policy that is written there cannot be read, so aaaaaaaaaaaa is still in force/,
    ),
    todo: expect.stringContaining('daypass policy validate'),
  });
});
