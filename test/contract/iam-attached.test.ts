import { DetachRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { startWire } from '#test/local/aws/events/wire-stack.ts';

it('a role has no managed policy attached, and one that is not there has none to list or to detach', async () => {
  const wire = await startWire();
  const iam = new IAMClient(wire.settings(wire.userKeys('222222222222', 'production-admin')));
  const of = (RoleName: string) => iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(await of('daypass-jit-orders-admin')).toMatchObject({ AttachedPolicies: [], IsTruncated: false });
  await expect(of('nobody')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  const PolicyArn = 'arn:aws:iam::222222222222:policy/daypass-boundary';
  for (const RoleName of ['daypass-jit-orders-admin', 'nobody'])
    await expect(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  iam.destroy();
  await wire.close();
});
